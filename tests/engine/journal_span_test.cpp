#include "engine/journal_span.h"

#include "engine_fixture.h"

// The journal by time: what the state was as the stretch began, and every event in it.
namespace sb::engine {
namespace {

class JournalSpan : public EngineTest {
 protected:
  struct Seen {
    std::uint64_t there_before = 0;  // interactions as it began
    std::vector<TimeMs> started;     // interactions in it
  };
  Seen look(TimeMs from, TimeMs until, const std::stop_token& stop = {}) {
    Seen seen;
    bool state_leads = true;
    const SpanVisitor visitor{[&](const routing::State& before) { seen.there_before = before.counters.interaction; },
                              [&](const Event& event, TimeMs at, const routing::State& after) {
                                if (const auto* e = std::get_if<event::InteractionStarted>(&event)) {
                                  seen.started.push_back(at);
                                  state_leads = state_leads && after.interactions.find(e->interaction) != nullptr;
                                }
                                return true;
                              }};
    const auto visited = visit_span(engine_->store(), from, until, visitor, stop);
    EXPECT_TRUE(visited) << visited.error().message;
    EXPECT_TRUE(state_leads) << "the state is that after the event";
    return seen;
  }
};

TEST_F(JournalSpan, FromTheFirstMomentToBeforeTheSecond) {
  start();
  set_up_center();
  const TimeMs first = now_;
  for (int n = 0; n < 10; ++n) {
    now_ = first + 1000 * n;
    ask(chat());
  }
  const Seen middle = look(first + 3000, first + 7000);
  EXPECT_EQ(middle.there_before, 3u);
  EXPECT_EQ(middle.started, (std::vector<TimeMs>{first + 3000, first + 4000, first + 5000, first + 6000}));
  EXPECT_EQ(look(first + 2001, first + 3000).started.size(), 0u);
  EXPECT_EQ(look(first + 2001, first + 3001).started.size(), 1u);
  EXPECT_EQ(look(1, first + 60'000).started.size(), 10u) << "from before the first record to after the last";
  EXPECT_EQ(look(1, first).there_before, 0u);
  const Seen after = look(first + 50'000, first + 60'000);
  EXPECT_EQ(after.there_before, 10u);
  EXPECT_TRUE(after.started.empty());
}

TEST_F(JournalSpan, AStopEndsIt) {
  start();
  set_up_center();
  ask(chat());
  std::stop_source stop;
  stop.request_stop();
  EXPECT_TRUE(look(1, now_ + 1000, stop.get_token()).started.empty());
}

}  // namespace
}  // namespace sb::engine
