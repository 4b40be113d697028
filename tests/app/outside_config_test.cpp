// Which outside numbers the configuration lets agents call.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "app/config.h"

namespace sb::app {
namespace {

std::expected<Config, std::string> read(const std::string& phone) {
  std::string name = (std::filesystem::temp_directory_path() / "sb_outside_XXXXXX").string();
  EXPECT_TRUE(mkdtemp(name.data()));
  const auto file = std::filesystem::path(name) / "center.toml";
  std::ofstream(file) << phone << "\n[[queues]]\nname = \"sales\"\n";
  auto config = read_config(file);
  std::error_code ignored;
  std::filesystem::remove_all(name, ignored);
  return config;
}

TEST(OutsideConfig, NoNumberIsCalledUnlessNamed) {
  const auto silent = read("");
  ASSERT_TRUE(silent) << silent.error();
  EXPECT_TRUE(silent->center.outside_prefixes.empty());
  const auto some = read("[phone]\noutside_prefixes = [\"+86\", \"+1415\"]\n");
  ASSERT_TRUE(some) << some.error();
  EXPECT_EQ(some->center.outside_prefixes, (std::vector<std::string>{"+86", "+1415"}));
}

TEST(OutsideConfig, WhatIsNoPrefixIsRefusedByName) {
  for (const char* bad : {"86", "+", "+0", "+86 1", "client:"}) {
    const auto config = read("[phone]\noutside_prefixes = [\"" + std::string(bad) + "\"]\n");
    ASSERT_FALSE(config) << bad;
    EXPECT_NE(config.error().find("outside_prefixes"), std::string::npos) << config.error();
    EXPECT_NE(config.error().find("+86"), std::string::npos) << config.error();
  }
  std::string many = "[phone]\noutside_prefixes = [\"+1\"";
  for (int n = 0; n < 100; ++n) many += ", \"+86\"";
  const auto config = read(many + "]\n");
  ASSERT_FALSE(config);
  EXPECT_NE(config.error().find("at most 100"), std::string::npos) << config.error();
}

}  // namespace
}  // namespace sb::app
