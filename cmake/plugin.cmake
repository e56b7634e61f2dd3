# curb_plugin(NAME [ESSENTIAL] [SOURCES more.c…] [APIS plugin…] [LIBS library…] [ASSETS more files…] [TEMPLATES more files…])
# A plugin in the current folder: NAME.c, routes.c, service.c, store.c (when it has one) and what SOURCES adds; migrations/*.sql,
# templates/*.html, assets/* and lang/*.po|*.mo are built in (see curb_embed; the prefix is NAME). APIS are the
# plugins whose services it uses. ESSENTIAL: the server does not start without it. The same function serves
# plugins inside this tree and, installed as share/curbcut/cmake/plugin.cmake, those outside of it.
include(GNUInstallDirs)
include(${CMAKE_CURRENT_LIST_DIR}/embed.cmake)
set(CURB_PLUGIN_SYMBOLS ${CMAKE_CURRENT_LIST_DIR}/plugin.syms)

# What our own headers need to see; outside the tree pkg-config knows it.
function(curb_plugin_includes target apis)
	if(TARGET curb_face)
		target_include_directories(${target} PRIVATE
			$<TARGET_PROPERTY:curb_face,INTERFACE_INCLUDE_DIRECTORIES>
			$<TARGET_PROPERTY:core_base,INTERFACE_INCLUDE_DIRECTORIES>
			${CMAKE_SOURCE_DIR}/content/include ${CMAKE_SOURCE_DIR}/accessibility/include)
		foreach(api ${apis})
			target_include_directories(${target} PRIVATE ${CMAKE_SOURCE_DIR}/plugins/${api}/api)
		endforeach()
	else()
		find_package(PkgConfig REQUIRED)
		pkg_check_modules(CURBCUT REQUIRED IMPORTED_TARGET curbcut-plugin)
		target_link_libraries(${target} PRIVATE PkgConfig::CURBCUT)
		target_compile_definitions(${target} PRIVATE _GNU_SOURCE)
	endif()
	if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/api)
		target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/api)
	endif()
endfunction()

function(curb_plugin name)
	cmake_parse_arguments(PLUGIN "ESSENTIAL" "" "SOURCES;APIS;LIBS;ASSETS;TEMPLATES" ${ARGN})
	set(target plugin_${name})
	add_library(${target} MODULE ${name}.c routes.c service.c ${PLUGIN_SOURCES})
	if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/store.c) # a plugin without rows of its own has none
		target_sources(${target} PRIVATE store.c)
	endif()
	target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
	curb_plugin_includes(${target} "${PLUGIN_APIS}")
	target_link_libraries(${target} PRIVATE ${PLUGIN_LIBS})
	target_link_options(${target} PRIVATE -Wl,--version-script=${CURB_PLUGIN_SYMBOLS})
	set_target_properties(${target} PROPERTIES OUTPUT_NAME ${name} PREFIX "" C_VISIBILITY_PRESET hidden
		LINK_DEPENDS ${CURB_PLUGIN_SYMBOLS})
	foreach(kind migrations/*.sql templates/*.html assets/* lang/*.po lang/*.mo)
		cmake_path(GET kind PARENT_PATH folder)
		file(GLOB found CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${kind})
		list(APPEND ${folder}_files ${found})
	endforeach()
	curb_embed(${target} PREFIX ${name} MIGRATIONS ${migrations_files} TEMPLATES ${templates_files} ${PLUGIN_TEMPLATES}
		ASSETS ${assets_files} ${PLUGIN_ASSETS} MESSAGES ${lang_files})
	if(TARGET curb_plugins) # inside the tree: the default configuration lists what was built
		set_property(TARGET curb_plugins APPEND PROPERTY CURB_NAMES ${name})
		if(PLUGIN_ESSENTIAL)
			set_property(TARGET curb_plugins APPEND PROPERTY CURB_ESSENTIAL ${name})
		endif()
		set_target_properties(${target} PROPERTIES LIBRARY_OUTPUT_DIRECTORY ${CURB_PLUGIN_OUTPUT})
		install(TARGETS ${target} LIBRARY DESTINATION ${CURB_PLUGIN_DIR})
	else()
		pkg_get_variable(CURB_PLUGIN_DIR curbcut-plugin plugindir)
		install(TARGETS ${target} LIBRARY DESTINATION ${CURB_PLUGIN_DIR})
	endif()
endfunction()
