#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <random>
#include <thread>

#include "tests/storage/store_fixture.h"

namespace sb::storage {
namespace {

// The parent process never opens a store: RocksDB's threads are shared by a process and do not survive a fork.
class KillTest : public StoreTest {
 protected:
  // Runs `work`, which may use EXPECT and ASSERT, in a process that then ends without closing or destroying anything.
  static void in_child(const std::function<void()>& work) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      work();
      _exit(HasFailure() ? 1 : 0);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFEXITED(status));
    ASSERT_EQ(WEXITSTATUS(status), 0);
  }

  // Small buffers, so that logs are switched, recycled and emptied into tables many times a second.
  Options busy_options() const {
    auto with = options();
    with.write_buffer_bytes = 256u << 10;
    with.wal_fill_bytes = 128u << 10;
    return with;
  }

  // Commits for ever and writes each acknowledged seq into the pipe. Every record brings a content row, and at times
  // the state is snapshotted and old dedupe rows are pruned.
  [[noreturn]] void commit_until_killed(int pipe) const {
    auto opened = Store::open(busy_options());
    if (!opened) _exit(2);
    Store& store = **opened;
    Batch batch;
    for (std::uint64_t seq = store.last_seq();;) {
      batch.clear();
      const std::uint64_t count = 1 + seq % 5;
      for (std::uint64_t i = 0; i < count; ++i) {
        ++seq;
        batch.append_record(seq, payload(seq));
        batch.put_content(seq, 0, "body of " + std::to_string(seq) + std::string(seq % 700, 'b'));
        batch.put_dedupe(1, "key " + std::to_string(seq), seq, "");
      }
      if (!store.commit(batch)) _exit(3);
      if (write(pipe, &seq, sizeof(seq)) != sizeof(seq)) _exit(4);
      if (seq % 100 < 5 && !store.put_snapshot(seq, std::string(600'000, static_cast<char>(seq)))) _exit(5);
      if (seq % 50 < 5 && !store.prune_dedupe(seq > 200 ? seq - 200 : 0)) _exit(6);
    }
  }

  // Lets a child commit until it has acknowledged `commits` times, then some more, then kills it.
  std::uint64_t run_and_kill(std::uint64_t commits) const {
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("pipe failed");
    const pid_t child = fork();
    if (child == 0) {
      close(ends[0]);
      commit_until_killed(ends[1]);
    }
    close(ends[1]);
    std::uint64_t acknowledged = 0;
    std::uint64_t seq = 0;
    for (std::uint64_t i = 0; i < commits && read(ends[0], &seq, sizeof(seq)) == sizeof(seq); ++i) acknowledged = seq;
    kill(child, SIGKILL);
    while (read(ends[0], &seq, sizeof(seq)) == sizeof(seq)) acknowledged = seq;
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status)) << "the child ended by itself with " << WEXITSTATUS(status);
    return acknowledged;
  }
};

// A batch is there whole or not at all: the rows beside the last record came with it.
void expect_whole_batch(const Store& store) {
  const std::uint64_t last = store.last_seq();
  auto body = store.content(last, 0);
  ASSERT_TRUE(body.has_value()) << last;
  EXPECT_EQ(*body, "body of " + std::to_string(last) + std::string(last % 700, 'b'));
  EXPECT_TRUE(store.find_dedupe(1, "key " + std::to_string(last)).value().has_value());
}

TEST_F(KillTest, ProcessThatEndsWithoutClosingLosesNothing) {
  for (std::uint64_t round = 1; round <= 5; ++round) {
    in_child([&] {
      auto store = open();
      ASSERT_TRUE(store);
      expect_records(*store, (round - 1) * 50);
      append(*store, 50, round);
      static_cast<void>(store.release());
    });
    if (HasFatalFailure()) return;
  }
  in_child([&] { expect_records(*open(), 250); });
}

TEST_F(KillTest, EverythingAcknowledgedIsThereAfterEveryKill) {
  std::mt19937 random(20240607);
  std::uint64_t acknowledged = 0;
  for (int round = 0; round < 20; ++round) {
    const std::uint64_t now = run_and_kill(1 + random() % 300);
    ASSERT_GT(now, acknowledged);
    acknowledged = now;
    in_child([&] {
      auto store = open_with(busy_options());
      ASSERT_TRUE(store);
      ASSERT_GE(store->last_seq(), acknowledged);
      expect_records(*store, store->last_seq());
      expect_whole_batch(*store);
      auto snapshot = store->latest_snapshot(store->last_seq());
      ASSERT_TRUE(snapshot.has_value()) << snapshot.error().message;
      if (*snapshot) {
        EXPECT_EQ((*snapshot)->value, std::string(600'000, static_cast<char>((*snapshot)->seq)));
      }
    });
    if (HasFatalFailure()) return;
  }
}

TEST_F(KillTest, TornTailOfTheLogIsCutToAWholeBatch) {
  // The log loses its last bytes and with them last_seq's claim: what is left must be a prefix of whole batches.
  const std::uint64_t acknowledged = run_and_kill(300);
  std::filesystem::remove(root_ / "data" / "last_seq");
  std::filesystem::path log;
  for (const auto& entry : std::filesystem::directory_iterator(root_ / "data" / "rocks")) {
    const auto& path = entry.path();
    if (path.extension() == ".log" && path.filename().string() > log.filename().string()) log = path;
  }
  const std::string bytes = read_file(log);
  const std::size_t used = bytes.find_last_not_of('\0') + 1;
  std::filesystem::resize_file(log, used - used / 10);
  in_child([&] {
    auto store = open_with(busy_options());
    ASSERT_TRUE(store);
    expect_records(*store, store->last_seq());
    EXPECT_GT(store->last_seq(), 0u);
    EXPECT_LE(store->last_seq(), acknowledged + 5);  // one batch may have been durable and not yet acknowledged
    expect_whole_batch(*store);
  });
}

bool has_ended(pid_t child) {
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid != 0;
}

// How many of its own files the backup being made has so far; 0: none is being made. RocksDB fills private/ID and
// completes the backup by writing meta/ID.
std::size_t files_of_unfinished_backup(const std::filesystem::path& directory) {
  std::error_code gone;  // the child creates and deletes while this looks
  unsigned long newest = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory / "private", gone)) {
    newest = std::max(newest, std::strtoul(entry.path().filename().c_str(), nullptr, 10));
  }
  const std::string id = std::to_string(newest);
  std::size_t files = 0;
  for (std::filesystem::directory_iterator at(directory / "private" / id, gone), end; !gone && at != end;
       at.increment(gone)) {
    ++files;
  }
  return std::filesystem::exists(directory / "meta" / id, gone) ? 0 : files;
}

TEST_F(KillTest, KillDuringBackupLeavesEarlierBackupsUsable) {
  in_child([&] {
    auto store = open_with(busy_options());
    append(*store, 500, 10);
    ASSERT_TRUE(store->backup(root_ / "backup").has_value());
  });
  std::uint64_t promised = 500;
  for (std::size_t round = 0; round < 3; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
      auto store = Store::open(busy_options());
      if (!store) _exit(2);
      std::thread writer([&] {
        for (;;) append(**store, 10);
      });
      for (;;) {
        auto made = (*store)->backup(root_ / "backup", 3);
        if (!made) _exit(3);
        if (write(ends[1], &made->seq, sizeof(made->seq)) != sizeof(made->seq)) _exit(4);
      }
    }
    close(ends[1]);
    // After its first backup the child makes another: it is killed inside one, each round one file further.
    ASSERT_EQ(read(ends[0], &promised, sizeof(promised)), static_cast<ssize_t>(sizeof(promised)));
    while (files_of_unfinished_backup(root_ / "backup") <= round && !has_ended(child)) std::this_thread::yield();
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    close(ends[0]);
    ASSERT_TRUE(WIFSIGNALED(status)) << WEXITSTATUS(status);
    in_child([&] {
      auto restored = Store::restore(root_ / "backup", root_ / ("restored" + std::to_string(round)));
      ASSERT_TRUE(restored.has_value()) << restored.error().message;
      EXPECT_GE(*restored, promised);
    });
    if (HasFatalFailure()) return;
  }
}

}  // namespace
}  // namespace sb::storage
