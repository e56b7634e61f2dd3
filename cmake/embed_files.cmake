# Run by curb_embed at build time: OUT, PREFIX and the lists MIGRATIONS, TEMPLATES, ASSETS, MESSAGES are given, and
# GZIP, the program.
cmake_minimum_required(VERSION 3.25)

# The hashes of all that is read here, in `all`.
macro(hash_inputs all)
	set(${all} "")
	foreach(file ${MIGRATIONS} ${TEMPLATES} ${ASSETS} ${MESSAGES})
		file(SHA256 ${file} hash)
		list(APPEND ${all} ${hash})
	endforeach()
endmacro()
hash_inputs(before)

set(c "#include \"${PREFIX}_embedded.h\"\n\n")
set(number 0)

# Adds the bytes of `file`, a NUL behind them, as an array of its own; its name is in `array`, its size in `size`.
macro(add_bytes file)
	math(EXPR number "${number} + 1")
	set(array bytes_${number})
	file(SIZE ${file} size)
	file(READ ${file} hex HEX)
	string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
	string(APPEND c "static const unsigned char ${array}[] = {${bytes}0x00};\n")
endmacro()

# Style sheets and scripts travel without what only their authors read: the path of such a copy is in `lean`.
macro(make_lean file name)
	set(lean ${file})
	if("${name}" MATCHES "\\.(css|js)$")
		file(READ ${file} text)
		string(REGEX REPLACE "\n[\t\n ]+" "\n" text "${text}")
		if("${name}" MATCHES "\\.css$")
			string(REGEX REPLACE "/\\*[^*]*\\*+([^/*][^*]*\\*+)*/\n?" "" text "${text}")
			string(REGEX REPLACE "([{;:,]) " "\\1" text "${text}")
			string(REGEX REPLACE " ([{}>]) ?" "\\1" text "${text}")
			string(REGEX REPLACE "([{};,])\n+" "\\1" text "${text}")
			string(REPLACE ";}" "}" text "${text}")
		endif()
		set(lean ${OUT}.${name})
		file(WRITE ${lean} "${text}")
	endif()
endmacro()

# The row NAME.gz of an asset that gzip makes a tenth smaller or more. Without name and time in it: the same bytes each time.
macro(add_packed file name)
	if("${name}" MATCHES "\\.(css|js|mjs|json|svg|txt|vtt|ico|wasm)$")
		set(packed ${OUT}.${name}.gz)
		execute_process(COMMAND ${GZIP} -9 -n -c ${file} OUTPUT_FILE ${packed} COMMAND_ERROR_IS_FATAL ANY)
		file(SIZE ${packed} packed_size)
		math(EXPR gain "9 * ${size} - 10 * ${packed_size}")
		if(gain GREATER_EQUAL 0)
			add_bytes(${packed})
			string(APPEND rows "\t{ \"${name}.gz\", ${array}, ${size} },\n")
		endif()
	endif()
endmacro()

macro(add_table kind)
	set(rows "")
	foreach(file ${ARGN})
		cmake_path(GET file FILENAME name)
		make_lean(${file} ${name})
		add_bytes(${lean})
		string(APPEND rows "\t{ \"${name}\", ${array}, ${size} },\n")
		if("${kind}" STREQUAL "assets")
			add_packed(${lean} ${name})
		endif()
	endforeach()
	string(APPEND c "\nconst struct curb_embedded ${PREFIX}_${kind}[] = {\n${rows}\t{ 0 },\n};\n\n")
endmacro()

set(rows "")
list(SORT MIGRATIONS COMPARE NATURAL)
foreach(file ${MIGRATIONS})
	cmake_path(GET file STEM LAST_ONLY name)
	if(NOT name MATCHES "^0*([1-9][0-9]*)_([a-z0-9_]+)$")
		message(FATAL_ERROR "${file}: a migration is called NNN_name.sql")
	endif()
	set(version ${CMAKE_MATCH_1})
	add_bytes(${file})
	string(APPEND rows "\t{ ${version}, \"${name}\", (const char *)${array} },\n")
endforeach()
string(APPEND c "\nconst struct curb_migration ${PREFIX}_migrations[] = {\n${rows}\t{ 0 },\n};\n\n")
add_table(templates ${TEMPLATES})
add_table(assets ${ASSETS})
add_table(messages ${MESSAGES})

# What was edited while it was read would be older than what is made of it, and no later build would look at it: it is read again.
hash_inputs(behind)
if(NOT before STREQUAL behind)
	include(${CMAKE_CURRENT_LIST_FILE})
	return()
endif()

file(WRITE ${OUT}.c "${c}")
string(TOUPPER ${PREFIX} guard)
file(WRITE ${OUT}.h
"/* Made by curb_embed. */
#ifndef ${guard}_EMBEDDED_H
#define ${guard}_EMBEDDED_H
#include \"curb/plugin.h\"
extern const struct curb_migration ${PREFIX}_migrations[];
extern const struct curb_embedded ${PREFIX}_templates[], ${PREFIX}_assets[], ${PREFIX}_messages[];
#endif
")
