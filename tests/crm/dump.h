#pragma once
// Every row of a projection's tables as text, to compare two databases or two moments.
#include <filesystem>
#include <string>

namespace sb::crm {

[[nodiscard]] std::string dump_records(const std::filesystem::path& path);

}  // namespace sb::crm
