# curb_part(NAME SOURCES … [FACE folder…] [USES part…] [LIBS library…])
# One object library. FACE folders are what its users may include; USES gives this part the faces of others.
# Only the parts named are seen: an include of anything else of ours does not compile.
function(curb_part name)
	cmake_parse_arguments(PART "" "" "SOURCES;FACE;USES;LIBS" ${ARGN})
	add_library(${name} OBJECT ${PART_SOURCES})
	target_include_directories(${name} PUBLIC ${PART_FACE} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
	target_link_libraries(${name} PUBLIC ${PART_USES} ${PART_LIBS})
endfunction()

set(CURB_TEST_KINDS . CACHE STRING "labels of the test programs that are built, as a regular expression")

# curb_test(NAME SOURCES … PARTS part… [LIBS library…] [DEFINES …] [LABELS kind…])
# A cmocka program and its ctest of the same name. PARTS are linked whole. LABELS: unit when there are none;
# http, abi, fault …; tsan beside it runs it under the thread sanitizer too, long only with ./dev test --long.
function(curb_test name)
	cmake_parse_arguments(TEST "" "" "SOURCES;PARTS;LIBS;DEFINES;LABELS" ${ARGN})
	add_executable(${name} ${TEST_SOURCES})
	target_link_libraries(${name} PRIVATE ${TEST_PARTS})
	foreach(part ${TEST_PARTS}) # a test may include a part's inside, also its .c for the statics
		target_include_directories(${name} PRIVATE $<TARGET_PROPERTY:${part},SOURCE_DIR>)
	endforeach()
	target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/harness)
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
