# curb_embed(TARGET PREFIX name [MIGRATIONS files…] [TEMPLATES files…] [ASSETS files…] [MESSAGES files…])
# Builds files into TARGET. Its sources may include "<name>_embedded.h", which declares the tables
# <name>_migrations (struct curb_migration), <name>_templates, <name>_assets and <name>_messages (struct
# curb_embedded), each ended by an all-zero row. MIGRATIONS are NNN_name.sql; MESSAGES are LANG.mo, or LANG.po,
# which msgfmt checks and compiles. A file is known by its last name (zh-CN.mo, page.html, player.js). An asset that gzip
# makes smaller has a second row, NAME.gz, with what gzip made of it: the server sends that to browsers that take it.
set(CURB_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/embed_files.cmake)

function(curb_embed target)
	cmake_parse_arguments(EMBED "" "PREFIX" "MIGRATIONS;TEMPLATES;ASSETS;MESSAGES" ${ARGN})
	set(folder ${CMAKE_CURRENT_BINARY_DIR}/embedded)
	file(MAKE_DIRECTORY ${folder})
	set(messages)
	foreach(file ${EMBED_MESSAGES})
		cmake_path(GET file EXTENSION LAST_ONLY kind)
		cmake_path(GET file STEM LAST_ONLY lang)
		if(kind STREQUAL ".po")
			find_program(CURB_MSGFMT msgfmt REQUIRED)
			set(mo ${folder}/${EMBED_PREFIX}_mo/${lang}.mo)
			file(MAKE_DIRECTORY ${folder}/${EMBED_PREFIX}_mo)
			add_custom_command(OUTPUT ${mo} COMMAND ${CURB_MSGFMT} -c -o ${mo} ${file} DEPENDS ${file} VERBATIM)
			list(APPEND messages ${mo})
		else()
			list(APPEND messages ${file})
		endif()
	endforeach()
	find_program(CURB_GZIP gzip REQUIRED)
	set(out ${folder}/${EMBED_PREFIX}_embedded)
	add_custom_command(
		OUTPUT ${out}.c ${out}.h
		COMMAND ${CMAKE_COMMAND} "-DOUT=${out}" "-DPREFIX=${EMBED_PREFIX}" "-DMIGRATIONS=${EMBED_MIGRATIONS}"
			"-DTEMPLATES=${EMBED_TEMPLATES}" "-DASSETS=${EMBED_ASSETS}" "-DMESSAGES=${messages}"
			"-DGZIP=${CURB_GZIP}" -P ${CURB_EMBED_SCRIPT}
		DEPENDS ${CURB_EMBED_SCRIPT} ${EMBED_MIGRATIONS} ${EMBED_TEMPLATES} ${EMBED_ASSETS} ${messages}
		VERBATIM)
	target_sources(${target} PRIVATE ${out}.c ${out}.h)
	target_include_directories(${target} PRIVATE ${folder})
endfunction()
