# Programs of Go with its sumdb/note and sumdb/tlog as Debian has them (golang-golang-x-mod-dev), without a network: others' code that
# ours is compared with. Nothing of it is installed.
find_program(CURB_GO NAMES go)
set(curb_gocode /usr/share/gocode)
set(CURB_GOCACHE ${CMAKE_BINARY_DIR}/gocache CACHE PATH "What Go has compiled")

# curb_go(RET FOLDER): the file that a command builds of the folder's sources; empty where Go or these are not there.
function(curb_go ret folder)
	set(${ret} "" PARENT_SCOPE)
	if(NOT CURB_GO OR NOT EXISTS ${curb_gocode}/src/golang.org/x/mod/sumdb/tlog)
		return()
	endif()
	get_filename_component(name ${folder} NAME)
	set(file ${CMAKE_CURRENT_BINARY_DIR}/${name})
	file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.go)
	add_custom_command(OUTPUT ${file} DEPENDS ${sources} WORKING_DIRECTORY ${folder}
		COMMAND ${CMAKE_COMMAND} -E env GO111MODULE=off GOPATH=${curb_gocode} GOFLAGS= GOCACHE=${CURB_GOCACHE} CGO_ENABLED=0
			${CURB_GO} build -o ${file} .)
	set(${ret} ${file} PARENT_SCOPE)
endfunction()
