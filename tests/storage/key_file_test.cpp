#include "storage/key_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <fstream>
#include <set>
#include <thread>
#include <vector>

namespace sb::storage {
namespace {

using Key = std::array<unsigned char, kKeyFileBytes>;

class KeyFile : public testing::Test {
 protected:
  KeyFile() {
    std::string name = (std::filesystem::temp_directory_path() / "sb_key_XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("mkdtemp failed");
    root_ = name;
  }
  ~KeyFile() override {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  std::filesystem::path root_;
};

TEST_F(KeyFile, IsMadeOnceForItsOwnerAlone) {
  Key first{};
  Key again{};
  Key other{};
  ASSERT_TRUE(read_or_create_key(root_ / "a.key", first));
  ASSERT_TRUE(read_or_create_key(root_ / "a.key", again));
  ASSERT_TRUE(read_or_create_key(root_ / "b.key", other));
  EXPECT_EQ(first, again);
  EXPECT_NE(first, other);
  EXPECT_NE(first, Key{});
  struct stat status{};
  ASSERT_EQ(::stat((root_ / "a.key").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0600u);
  EXPECT_EQ(status.st_size, 32);
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(root_)) files += entry.is_regular_file() ? 1 : 0;
  EXPECT_EQ(files, 2u) << "no draft is left behind";
}

TEST_F(KeyFile, AllWhoStartAtOnceAgree) {
  std::array<Key, 8> keys{};
  std::vector<std::thread> threads;
  for (Key& key : keys) {
    threads.emplace_back([&] { EXPECT_TRUE(read_or_create_key(root_ / "shared.key", key)); });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(std::set<Key>(keys.begin(), keys.end()).size(), 1u);
}

TEST_F(KeyFile, RefusesWhatIsNoKey) {
  Key key{};
  std::ofstream(root_ / "short.key") << "too short";
  std::ofstream(root_ / "long.key") << std::string(33, 'x');
  for (const char* name : {"short.key", "long.key"}) {
    const auto read = read_or_create_key(root_ / name, key);
    ASSERT_FALSE(read) << name;
    EXPECT_EQ(read.error().code, Error::damaged);
    EXPECT_NE(read.error().message.find(name), std::string::npos);
  }
  const auto nowhere = read_or_create_key(root_ / "absent" / "a.key", key);
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, Error::io);
  EXPECT_EQ(key, Key{});
}

}  // namespace
}  // namespace sb::storage
