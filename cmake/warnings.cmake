# What every target of ours is compiled with.
add_compile_definitions(_GNU_SOURCE)
add_compile_options(
	-Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wconversion
	-Wformat=2 -Wvla -Wundef -Wwrite-strings -Werror -fvisibility=hidden -fno-common
	-fstack-protector-strong)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
	# it doubts every snprintf into a bounded array, and only in optimized builds; the length that snprintf returns
	# is checked where cutting short would matter
	add_compile_options(-Wno-format-truncation)
endif()
if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug" AND NOT CURB_SANITIZE)
	add_compile_options(-D_FORTIFY_SOURCE=2)
endif()
add_link_options(-Wl,-z,relro,-z,now)
find_program(CURB_GOLD ld.gold) # a third of the usual linker's time, for 140 programs a build
if(CURB_GOLD)
	add_link_options(-fuse-ld=gold)
endif()

set(CURB_SANITIZE "" CACHE STRING "sanitizers: address,undefined or thread")
if(CURB_SANITIZE)
	add_compile_options(-fsanitize=${CURB_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
	add_link_options(-fsanitize=${CURB_SANITIZE})
	if(CMAKE_C_COMPILER_ID STREQUAL "GNU") # its flow analysis is wrong about instrumented code
		add_compile_options(-Wno-maybe-uninitialized)
	endif()
endif()
option(CURB_COVERAGE "count the lines that tests run" OFF)
if(CURB_COVERAGE)
	add_compile_options(--coverage)
	add_link_options(--coverage)
endif()
