# Where things lie. The build folder has the shape of an installation, and the executable finds its neighbours from
# its own path: bin/curbcut, libexec/curbcut/worker, lib/<triplet>/curbcut/plugins/NAME.so, share/curbcut.
set(CURB_LIB_DIR lib/${CMAKE_LIBRARY_ARCHITECTURE}/curbcut)
set(CURB_PLUGIN_DIR ${CURB_LIB_DIR}/plugins)
set(CURB_LIBEXEC_DIR libexec/curbcut)
set(CURB_SHARE_DIR share/curbcut)
set(CURB_BIN_OUTPUT ${CMAKE_BINARY_DIR}/bin)
set(CURB_LIBEXEC_OUTPUT ${CMAKE_BINARY_DIR}/${CURB_LIBEXEC_DIR})
set(CURB_PLUGIN_OUTPUT ${CMAKE_BINARY_DIR}/${CURB_PLUGIN_DIR})

# Its properties CURB_NAMES and CURB_ESSENTIAL are filled by curb_plugin().
add_library(curb_plugins INTERFACE)
