# Writes OUTPUT, a .cpp that holds FILES (separated by commas) and their compressed forms as they are:
# the assembler reads them in, so that large files cost no compile time. Run with -P.
string(REPLACE "," ";" files "${FILES}")
get_filename_component(folder ${OUTPUT} DIRECTORY)
set(number 0)
set(declarations "")
set(entries "")
foreach(file IN LISTS files)
    get_filename_component(name ${file} NAME)
    file(SHA256 ${file} hash)
    string(SUBSTRING ${hash} 0 32 etag)
    set(compressed ${folder}/${FUNCTION}_${number}.gz)
    execute_process(COMMAND gzip -9nc ${file} OUTPUT_FILE ${compressed} COMMAND_ERROR_IS_FATAL ANY)
    foreach(form IN ITEMS "bytes:${file}" "gzip:${compressed}")
        string(REGEX MATCH "^([a-z]+):(.*)$" matched ${form})
        set(symbol ${FUNCTION}_${number}_${CMAKE_MATCH_1})
        string(APPEND declarations
            "asm(\".pushsection .rodata\\n\"\n"
            "    \".hidden ${symbol}, ${symbol}_end\\n\"\n"
            "    \".global ${symbol}, ${symbol}_end\\n\"\n"
            "    \"${symbol}: .incbin \\\"${CMAKE_MATCH_2}\\\"\\n\"\n"
            "    \"${symbol}_end: .byte 0\\n.popsection\\n\");\n"
            "extern \"C\" __attribute__((visibility(\"hidden\"))) const char ${symbol}[], ${symbol}_end[];\n")
    endforeach()
    set(symbol ${FUNCTION}_${number})
    string(APPEND entries
        "        {\"${name}\", \"\\\"${etag}\\\"\", {${symbol}_bytes, ${symbol}_bytes_end},\n"
        "         {${symbol}_gzip, ${symbol}_gzip_end}},\n")
    math(EXPR number "${number} + 1")
endforeach()
if(entries STREQUAL "")
    set(body "    return {};\n")
else()
    set(body "    static const EmbeddedFile files[] = {\n${entries}    };\n    return files;\n")
endif()
file(WRITE ${OUTPUT} "#include \"api/embedded.h\"

${declarations}
namespace croft::api {

std::span<const EmbeddedFile> ${FUNCTION}() {
${body}}

}  // namespace croft::api
")
