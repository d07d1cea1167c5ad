# croft_embed(<target> <function> FILES <files>): makes files part of a program. The target gets
# `std::span<const EmbeddedFile> croft::api::<function>()` (api/embedded.h), one entry a file in the
# order given, each also compressed. No files: an empty span.
set(croft_embed_script ${CMAKE_CURRENT_LIST_DIR}/croft_embed_files.cmake)
function(croft_embed target function)
    cmake_parse_arguments(arg "" "" "FILES" ${ARGN})
    set(output ${CMAKE_CURRENT_BINARY_DIR}/${function}.cpp)
    list(JOIN arg_FILES "," files)
    add_custom_command(
        OUTPUT ${output}
        COMMAND ${CMAKE_COMMAND} -DFUNCTION=${function} -DFILES=${files} -DOUTPUT=${output}
                -P ${croft_embed_script}
        DEPENDS ${arg_FILES} ${croft_embed_script}
        VERBATIM)
    target_sources(${target} PRIVATE ${output})
endfunction()
