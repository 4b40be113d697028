// A start whose engine has hardly any room: every command is refused for a while and still arrives once, in its place.
#include <fstream>
#include <thread>

#include "app/configure.h"
#include "app/demo_import.h"
#include "app/submit_all.h"
#include "crm/demo_data.h"
#include "tests/engine/engine_fixture.h"

namespace sb::app {
namespace {

constexpr int kSkills = 40;
constexpr int kQueues = 60;
constexpr int kAgents = 200;
constexpr int kSlowSyncs = 50;  // fewer than any of the tests has commands, by more than what fits in on the way
constexpr std::size_t kCustomers = 100;

// Every queue overflows into its neighbour, so each is put twice: bare, and as it is to be.
std::string large_center() {
  std::string text = "[center]\nmisses_max = 3\n";
  const auto named = [](const char* what, int n) { return std::string("\"") + what + std::to_string(n) + "\"\n"; };
  for (int n = 0; n < kSkills; ++n) text += "[[skills]]\nname = " + named("skill", n);
  for (int n = 0; n < kQueues; ++n) {
    text += "[[queues]]\nname = " + named("queue", n) + "[[queues.relaxation]]\nafter_s = 60\naction = \"overflow\"\n" +
            "queue = " + named("queue", (n + 1) % kQueues);
  }
  for (int n = 0; n < kAgents; ++n) {
    text += "[[agents]]\nlogin = " + named("agent", n) + "password_hash = \"x\"\ncapacity = { chat = 1 }\n" +
            "skills = { skill" + std::to_string(n % kSkills) + " = 50 }\n";
  }
  return text;
}

class FullQueue : public engine::EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    home_ = directory_.string() + "_home";
    std::filesystem::create_directories(home_);
    std::ofstream(home_ / "center.toml") << large_center();
    open([this](engine::Engine::Options& o) {
      o.queue_max = 4;
      o.group_records_max = 1;
      o.store.before_sync = [this] {
        wait_for_a_refusal();
        return std::error_code{};
      };
    });
    ASSERT_TRUE(engine_);
    engine_->start();
    auto read = read_config(home_ / "center.toml");
    ASSERT_TRUE(read) << read.error();
    config_ = std::move(*read);
    auto resolved = resolve(config_, routing::State{});
    ASSERT_TRUE(resolved) << resolved.error();
    commands_ = std::move(*resolved);
  }
  void TearDown() override {
    slow_syncs_ = 0;
    EngineTest::TearDown();
    std::filesystem::remove_all(home_);
  }

  // Each of the slow syncs ends only when the full queue has refused somebody since it began.
  void wait_for_a_refusal() {
    if (slow_syncs_ <= 0) return;
    const auto before = engine_->figures().refused_busy;
    while (slow_syncs_ > 0 && engine_->figures().refused_busy == before) std::this_thread::yield();
    --slow_syncs_;
  }

  std::vector<Record> journal() {
    std::vector<Record> all;
    const auto read =
        engine_->store().for_each_record(1, engine_->store().last_seq(), [&](Seq, std::string_view bytes) {
          EXPECT_TRUE(decode_record(bytes, all.emplace_back()));
          return true;
        });
    EXPECT_TRUE(read) << read.error().message;
    return all;
  }

  std::filesystem::path home_;
  std::atomic<int> slow_syncs_ = 0;
  Config config_;
  std::vector<Command> commands_;
};

TEST_F(FullQueue, AConfigurationArrivesOnceAndInOrder) {
  ASSERT_EQ(commands_.size(), 1u + kSkills + 2 * kQueues + kAgents);
  slow_syncs_ = kSlowSyncs;
  std::vector<Command> answered;
  submit_all(*engine_, commands_, Source::kConfig, [&](const Command& command, const engine::Answer& answer) {
    EXPECT_EQ(answer.rejection, Rejection::kNone) << name(answer.rejection);
    answered.push_back(command);
  });
  EXPECT_TRUE(answered == commands_);
  EXPECT_GE(engine_->figures().refused_busy, static_cast<std::uint64_t>(kSlowSyncs));

  const auto records = journal();
  ASSERT_EQ(records.size(), commands_.size());
  for (std::size_t n = 0; n < records.size(); ++n) {
    EXPECT_EQ(records[n].source, Source::kConfig);
    EXPECT_TRUE(records[n].command == commands_[n]) << "record " << n + 1;
  }
  EXPECT_EQ(engine_->view().skills.size(), static_cast<std::size_t>(kSkills));
  EXPECT_EQ(engine_->view().queues.size(), static_cast<std::size_t>(kQueues));
  EXPECT_EQ(engine_->view().agents.size(), static_cast<std::size_t>(kAgents));
}

TEST_F(FullQueue, TheDemosClienteleArrivesOnceAndInOrder) {
  submit_all(*engine_, commands_, Source::kConfig);
  const Seq configured = engine_->store().last_seq();
  config_.demo_customers = kCustomers;
  const auto hasher = crm::IdentityHasher::open(home_ / "identity.key");
  ASSERT_TRUE(hasher);
  slow_syncs_ = kSlowSyncs;
  const auto refused = engine_->figures().refused_busy;
  ASSERT_TRUE(import_demo(*engine_, *hasher, config_));
  EXPECT_GE(engine_->figures().refused_busy, refused + kSlowSyncs);

  std::vector<std::string> wanted;
  crm::DemoOptions options;
  options.customers = kCustomers;
  options.now_ms = engine_->clock().now();  // stands still
  for (std::uint64_t id = 0; const auto& c : crm::make_demo_customers(options)) {
    const std::string who = std::to_string(++id) + ": ";
    wanted.push_back("customer " + crm::to_json(c.profile));
    for (const auto& order : c.orders) wanted.push_back("order of " + who + crm::to_json(order));
    for (const auto& note : c.notes) wanted.push_back("note of " + who + crm::note_json(note));
    for (const auto& contact : c.contacts) wanted.push_back("contact of " + who + std::to_string(contact.started_ms));
  }
  std::vector<std::string> arrived;
  for (const Record& record : journal()) {
    if (record.seq <= configured) continue;
    const std::string words = engine_->store().content(record.seq, 1).value_or("");
    if (std::holds_alternative<command::PutCustomer>(record.command)) {
      arrived.push_back("customer " + words);
    } else if (const auto* fact = std::get_if<command::AddCustomerFact>(&record.command)) {
      arrived.push_back(fact->kind + " of " + std::to_string(fact->customer.value) + ": " + words);
    } else if (const auto* past = std::get_if<command::AddPastInteraction>(&record.command)) {
      arrived.push_back("contact of " + std::to_string(past->customer.value) + ": " + std::to_string(past->started_ms));
    } else {
      arrived.emplace_back(std::visit([]<class C>(const C&) { return C::kName; }, record.command));
    }
  }
  EXPECT_EQ(arrived, wanted);
}

}  // namespace
}  // namespace sb::app
