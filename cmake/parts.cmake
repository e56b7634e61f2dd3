# curb_part(NAME SOURCES … [FACE folder…] [USES part…] [LIBS library…])
# One object library. FACE folders are what its users may include; USES gives this part the faces of others.
# Only the parts named are seen: an include of anything else of ours does not compile.
function(curb_part name)
	cmake_parse_arguments(PART "" "" "SOURCES;FACE;USES;LIBS" ${ARGN})
	add_library(${name} OBJECT ${PART_SOURCES})
	target_include_directories(${name} PUBLIC ${PART_FACE} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
	target_link_libraries(${name} PUBLIC ${PART_USES} ${PART_LIBS})
endfunction()

# curb_inside(NAME TARGET): the objects of a plugin as an archive inside_NAME, compiled once for all tests of its functions. A test
# links what it calls; what it defines itself stands in for the plugin's.
function(curb_inside name target)
	add_library(inside_${name} STATIC EXCLUDE_FROM_ALL $<TARGET_OBJECTS:${target}>)
	set_target_properties(inside_${name} PROPERTIES LINKER_LANGUAGE C)
	target_include_directories(inside_${name} INTERFACE $<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>)
endfunction()

# A test may include the inside of a part, also a .c for its statics.
function(curb_see_inside target)
	foreach(part ${ARGN})
		target_include_directories(${target} PRIVATE $<TARGET_PROPERTY:${part},SOURCE_DIR>)
	endforeach()
	target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/tests/harness)
endfunction()

# curb_test_part(NAME SOURCES … USES part… [LIBS library…] [DEFINES …]): what several tests share, compiled once; they name it under PARTS.
function(curb_test_part name)
	cmake_parse_arguments(SHARED "" "" "SOURCES;USES;LIBS;DEFINES" ${ARGN})
	curb_part(${name} SOURCES ${SHARED_SOURCES} FACE ${CMAKE_CURRENT_SOURCE_DIR} USES ${SHARED_USES} LIBS ${SHARED_LIBS} cmocka)
	curb_see_inside(${name} ${SHARED_USES})
	target_compile_definitions(${name} PRIVATE ${SHARED_DEFINES})
endfunction()

set(CURB_TEST_KINDS . CACHE STRING "labels of the test programs that are built, as a regular expression")

# curb_test(NAME SOURCES … PARTS part… [LIBS library…] [DEFINES …] [LABELS kind…])
# A cmocka program and its ctest of the same name. PARTS are linked whole, archives (inside_…) as far as they are called. LABELS: unit when there are none;
# http, abi, fault …; tsan beside it runs it under the thread sanitizer too, long only with ./dev test --long.
function(curb_test name)
	cmake_parse_arguments(TEST "" "" "SOURCES;PARTS;LIBS;DEFINES;LABELS" ${ARGN})
	add_executable(${name} ${TEST_SOURCES})
	target_link_libraries(${name} PRIVATE ${TEST_PARTS})
	curb_see_inside(${name} ${TEST_PARTS})
	target_compile_definitions(${name} PRIVATE ${TEST_DEFINES})
	target_link_libraries(${name} PRIVATE ${TEST_LIBS} cmocka)
	add_test(NAME ${name} COMMAND ${name})
	if(NOT TEST_LABELS)
		set(TEST_LABELS unit)
	endif()
	set_tests_properties(${name} PROPERTIES LABELS "${TEST_LABELS}")
	if(NOT TEST_LABELS MATCHES "${CURB_TEST_KINDS}")
		set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL TRUE)
	endif()
endfunction()
