# curb_story(NAME FILE [LABELS kind…] [TIMEOUT seconds] [COST n] [ENVIRONMENT name=value…])
# A *.test.mjs, asked of the built programs, as one ctest. LABELS: http when there are none. COST: the dearer, the earlier it begins.
# A file with a line "// Threads meet: …" has the label tsan beside the others: ./dev test runs it under the thread sanitizer too;
# the rest runs there with ./dev test --longest.
find_program(CURB_NODE NAMES node)
function(curb_story name file)
	cmake_parse_arguments(STORY "" "TIMEOUT;COST" "LABELS;ENVIRONMENT" ${ARGN})
	foreach(default LABELS=http TIMEOUT=300 COST=15)
		string(REPLACE "=" ";" default ${default})
		list(GET default 0 what)
		if(NOT STORY_${what})
			list(GET default 1 STORY_${what})
		endif()
	endforeach()
	cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
	file(STRINGS ${file} threads REGEX "^// Threads meet: " LIMIT_COUNT 1)
	if(threads AND STORY_LABELS STREQUAL "http")
		list(APPEND STORY_LABELS tsan)
	endif()
	add_test(NAME ${name} COMMAND ${CURB_NODE} --test-reporter=tap ${file})
	set_tests_properties(${name} PROPERTIES LABELS "${STORY_LABELS}" TIMEOUT ${STORY_TIMEOUT} COST ${STORY_COST}
		ENVIRONMENT "CURBCUT_TEST=$<TARGET_FILE:curbcut-test>;${STORY_ENVIRONMENT}")
endfunction()
