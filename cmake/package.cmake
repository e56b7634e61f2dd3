# The Debian package (./dev package): what install() names, with the dependencies that the programs tell.
set(CPACK_PACKAGE_NAME curbcut)
set(CPACK_PACKAGE_CONTACT "Curbcut <curbcut@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "learning content server for disabled trainees")
set(CPACK_PACKAGE_DESCRIPTION "Courses with captions, sign language and audio description, audio-books, and hours\n\
 that are counted so that nobody can bend them. Works with a screen reader, with the\n\
 keyboard alone, without scripts and on a bad line.")
set(CPACK_GENERATOR DEB)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON) # what we link, by what the programs say themselves
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${CMAKE_BINARY_DIR}/core")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ffmpeg, nginx-light | nginx")
include(CPack)
