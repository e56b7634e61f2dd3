# What is installed beside the executable, the worker and the plugins (they install themselves): all that a plugin outside
# the tree is built with. The .pc file finds its prefix from its own place, so an installation can be moved.
configure_file(${CMAKE_SOURCE_DIR}/cmake/curbcut-plugin.pc.in ${CMAKE_BINARY_DIR}/curbcut-plugin.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/curbcut-plugin.pc DESTINATION share/pkgconfig)
install(DIRECTORY core/include/curb core/base/include/curb DESTINATION include FILES_MATCHING PATTERN "*.h")
install(DIRECTORY content/include/content accessibility/include/a11y DESTINATION include/curbcut
	FILES_MATCHING PATTERN "*.h")
file(GLOB curb_apis LIST_DIRECTORIES true CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/plugins/*/api/*)
foreach(api ${curb_apis})
	install(DIRECTORY ${api} DESTINATION include/curbcut FILES_MATCHING PATTERN "*.h")
endforeach()
install(FILES cmake/plugin.cmake cmake/embed.cmake cmake/embed_files.cmake cmake/plugin.syms
	DESTINATION ${CURB_SHARE_DIR}/cmake)
install(FILES accessibility/README.md DESTINATION ${CURB_SHARE_DIR} RENAME components.md)
