# Writes OUTPUT, a .cpp that holds the text of every migrations/NNNN_*.sql: the files stay the only
# copy that people edit. Run with -P; SOURCES is a list separated by commas.
string(REPLACE "," ";" sources "${SOURCES}")
set(entries "")
set(number 0)
foreach(source IN LISTS sources)
    math(EXPR number "${number} + 1")
    get_filename_component(name ${source} NAME)
    string(REGEX MATCH "^0*([1-9][0-9]*)_" matched ${name})
    if(NOT CMAKE_MATCH_1 EQUAL number)
        message(FATAL_ERROR "${name}: expected migration number ${number}")
    endif()
    file(READ ${source} sql)
    string(APPEND entries "    Migration{${number}, R\"sql(${sql})sql\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"store/migrations.h\"

namespace croft::store {
namespace {

constexpr Migration all[] = {
${entries}};

}  // namespace

std::span<const Migration> migrations() { return all; }

}  // namespace croft::store
")
