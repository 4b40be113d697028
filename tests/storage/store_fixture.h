#pragma once
#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "storage/store.h"

namespace sb::storage {

// A directory of its own, removed at the end.
class StoreTest : public ::testing::Test {
 protected:
  StoreTest() {
    std::string name = (std::filesystem::temp_directory_path() / "sb_storage_XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("mkdtemp failed");
    root_ = name;
  }
  ~StoreTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }

  // Small enough that hundreds of stores a run cost nothing.
  Options options(const std::string& name = "data") const {
    Options options;
    options.directory = root_ / name;
    options.write_buffer_bytes = 4u << 20;
    options.wal_fill_bytes = 256u << 10;
    return options;
  }

  std::unique_ptr<Store> open(const std::string& name = "data") { return open_with(options(name)); }

  static std::unique_ptr<Store> open_with(Options with) {
    auto store = Store::open(std::move(with));
    EXPECT_TRUE(store.has_value()) << (store ? "" : store.error().message);
    return store ? std::move(*store) : nullptr;
  }

  static std::string payload(std::uint64_t seq) {
    return "record " + std::to_string(seq) + " " + std::string(seq % 97, static_cast<char>('a' + seq % 26));
  }

  // Commits records last_seq() + 1 .. last_seq() + count, `per_batch` to a batch.
  static void append(Store& store, std::uint64_t count, std::uint64_t per_batch = 1) {
    Batch batch;
    std::uint64_t seq = store.last_seq();
    for (const std::uint64_t end = seq + count; seq < end;) {
      batch.clear();
      for (std::uint64_t i = 0; i < per_batch && seq < end; ++i) {
        ++seq;
        batch.append_record(seq, payload(seq));
      }
      auto committed = store.commit(batch);
      ASSERT_TRUE(committed.has_value()) << committed.error().message;
    }
  }

  static void expect_records(const Store& store, std::uint64_t last) {
    ASSERT_EQ(store.last_seq(), last);
    std::uint64_t expected = 0;
    auto walked = store.for_each_record(1, last, [&](std::uint64_t seq, std::string_view bytes) {
      EXPECT_EQ(seq, ++expected);
      EXPECT_EQ(bytes, payload(seq));
      return true;
    });
    ASSERT_TRUE(walked.has_value()) << walked.error().message;
    EXPECT_EQ(*walked, last);
  }

  static std::string read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }

  std::filesystem::path root_;
};

}  // namespace sb::storage
