// What the configuration says about queues is refused where it stands, not when the first customer arrives.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "app/config.h"

namespace sb::app {
namespace {

std::expected<Config, std::string> read_with_groups(int groups) {
  std::string name = (std::filesystem::temp_directory_path() / "sb_queue_XXXXXX").string();
  EXPECT_TRUE(mkdtemp(name.data()));
  const auto file = std::filesystem::path(name) / "center.toml";
  std::ofstream out(file);
  out << "[[skills]]\nname = \"zh\"\n[[queues]]\nname = \"sales\"\n";
  for (int n = 1; n <= groups; ++n) out << "[[queues.requires_any]]\nskills = { zh = " << n << " }\n";
  out.close();
  auto config = read_config(file);
  std::error_code ignored;
  std::filesystem::remove_all(name, ignored);
  return config;
}

TEST(QueueConfig, TakesAsManyGroupsAsAContactCanHave) {
  const auto most = read_with_groups(8);
  ASSERT_TRUE(most) << most.error();
  EXPECT_EQ(most->queues[0].requires_any.size(), 8u);
  const auto more = read_with_groups(9);
  ASSERT_FALSE(more);
  EXPECT_NE(more.error().find("requires_any"), std::string::npos) << more.error();
  EXPECT_NE(more.error().find("at most 8 groups"), std::string::npos) << more.error();
}

}  // namespace
}  // namespace sb::app
