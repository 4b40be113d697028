// The core against the naive center: after every generated line both must agree on everything they both know, and the
// promises of routing must hold whatever happens. A failure prints the shortest script that shows it.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>

#include "tests/model/activity.h"

namespace sb::model {

void showValue(const Op& op, std::ostream& os) {
  os << "{" << int{op.kind} << "," << int{op.a} << "," << int{op.b} << "," << int{op.c} << "," << op.pause << "}";
}

namespace {

using script::kStart;

struct Disagreement : std::runtime_error {
  using std::runtime_error::runtime_error;
};

void expect(bool good, const std::string& what) {
  if (!good) throw Disagreement(what);
}

// The same agent is not asked again for what they declined or missed, unless something else came between.
class Repetitions {
 public:
  void see(const Event& event, TimeMs now, const routing::State& state) {
    if (const auto* made = std::get_if<event::OfferMade>(&event)) {
      const auto at = refused_.find(made->interaction);
      if (at == refused_.end()) return;
      for (const Refusal& refusal : at->second) {
        expect(refusal.agent != made->agent || made->pulled || now >= refusal.until,
               "interaction " + std::to_string(made->interaction.value) + " is offered twice in a row");
      }
      refused_.erase(at);
    } else if (const auto* queued = std::get_if<event::InteractionQueued>(&event)) {
      queues_[queued->interaction] = queued->queue;  // the state may have moved on since
    } else if (const auto* declined = std::get_if<event::OfferDeclined>(&event)) {
      refuse(declined->interaction, declined->agent, now, state);
    } else if (const auto* missed = std::get_if<event::OfferTimedOut>(&event)) {
      refuse(missed->interaction, missed->agent, now, state);
    } else if (const auto* cancelled = std::get_if<event::TransferCancelled>(&event)) {
      refused_.erase(cancelled->interaction);
    } else if (const auto* later = std::get_if<event::CustomerMissed>(&event)) {
      refused_.erase(later->interaction);
    } else if (const auto* requested = std::get_if<event::CallbackRequested>(&event)) {
      refused_.erase(requested->interaction);
    }
  }

 private:
  struct Refusal {
    AgentId agent;
    TimeMs until = 0;
  };
  void refuse(InteractionId i, AgentId agent, TimeMs now, const routing::State& state) {
    refused_[i].push_back({agent, now + state.queues.find(queues_.at(i))->config.avoid_ms});
  }
  std::map<InteractionId, QueueId> queues_;                // where each was last put
  std::map<InteractionId, std::vector<Refusal>> refused_;  // of its last round of offers
};

void compare_agents(const routing::State& state, const Naive& naive) {
  expect(state.agents.size() == naive.agents().size(), "another number of agents");
  for (const Agent& a : naive.agents()) {
    const routing::Agent* real = state.agents.find(a.id);
    const std::string who = "agent " + std::to_string(a.id.value) + ": ";
    expect(real != nullptr, who + "missing");
    expect(real->signed_in == a.signed_in && real->connected == a.connected, who + "sign-in differs");
    expect(real->presence == a.presence, who + "presence differs");
    expect(real->session == a.session, who + "session differs");
    expect(real->grace_until_ms == a.grace_until, who + "grace differs");
    expect(real->wrap_ups.size() == a.wrap_ups.size(), who + "wrap-ups differ");
    expect(real->misses == a.misses && real->rest_until_ms == a.rest_until, who + "misses or rest differ");
    expect(real->last_offer.value == a.last_offer, who + "another last offer");
    const auto load = naive.load(a);
    for (std::size_t c = 0; c < kChannelCount; ++c) {
      expect(real->load[c] == load[c], who + "load differs on " + std::string(kChannelNames[c]));
    }
  }
}

void compare_work(const routing::State& state, const Naive& naive) {
  expect(state.interactions.size() == naive.work().size(), "another number of interactions");
  expect(state.counters.interaction == naive.started(), "another number of arrivals");
  expect(naive.started() == naive.over() + naive.work().size(), "an interaction is lost");
  for (const Work& w : naive.work()) {
    const routing::Interaction* real = state.interactions.find(w.id);
    const std::string what = "interaction " + std::to_string(w.id.value) + ": ";
    expect(real != nullptr, what + "missing");
    expect(static_cast<int>(real->state) == static_cast<int>(w.stage), what + "stage differs");
    expect(real->waiting == w.waiting, what + (w.waiting ? "should wait" : "should not wait"));
    std::vector<OfferId> offers = real->asked->more_offers;
    if (real->offer) offers.insert(offers.begin(), real->offer);
    expect(offers.size() == w.asks.size(), what + "offered to more or fewer");
    for (std::size_t n = 0; n < offers.size(); ++n) {
      const routing::Offer* offer = state.offers.find(offers[n]);
      expect(offer && offer->agent == w.asks[n].agent, what + "offered to somebody else");
      expect(offer->expires_ms == w.asks[n].expires, what + "the offer expires at another time");
    }
    expect(real->parked == w.parked && real->reply_until_ms == w.reply_until, what + "parked differs");
    expect(real->agent == w.agent, what + "somebody else holds it");
    expect(real->consultant == w.consultant, what + "another consultant");
    const auto& participants = real->conference->participants;
    const bool same = std::equal(
        participants.begin(), participants.end(), w.participants.begin(), w.participants.end(),
        [](const routing::Participant& p, const Participant& q) { return p.agent == q.agent && p.soft == q.soft; });
    expect(same, what + "other participants");
    expect(real->outside == w.outside, what + "another outside party");
    expect(real->queue == w.queue || w.stage == Stage::kDialogue, what + "another queue");
    expect(*real->requirement == w.requirement, what + "another requirement");
    expect(real->queued_ms == w.queued && real->rank_ms == w.rank, what + "another place in the order");
    expect(real->priority == w.priority, what + "another priority");
    expect(real->language == w.language, what + "another language");
    expect(real->preferred_until_ms == w.preferred_until, what + "another preferred agent's claim");
    expect(state.relax_at(*real) == naive.relax_at(w), what + "the next step of relaxation is due at another time");
    const routing::Avoided& avoided = *real->avoided;
    expect(avoided.agent == w.avoid && avoided.also == w.avoid_also && avoided.until_ms == w.avoid_until,
           what + "avoids somebody else");
    const routing::Callback& callback = *real->callback;
    expect(callback.order == w.order && callback.calling == w.calling && callback.reached == w.reached,
           what + "another stage of its callback");
    expect(callback.attempt == w.attempt && callback.at_ms == w.at, what + "another attempt or time to call");
    expect(!w.calling || w.agent, what + "is called with nobody to speak to");
    expect(real->held == w.held && real->messages == w.messages, what + "hold or messages differ");
    const int places = (w.stage == Stage::kDialogue ? 1 : 0) + (w.waiting && !w.consult ? 1 : 0) +
                       (!w.asks.empty() && !w.consult ? 1 : 0) + (w.agent ? 1 : 0) +
                       (w.stage == Stage::kScheduled ? 1 : 0);
    expect(places == 1, what + "is in " + std::to_string(places) + " places");
  }
}

void compare_order(const routing::State& state, const Naive& naive) {
  for (const routing::Queue* q : state.queues.sorted()) {
    const std::vector<InteractionId> expected = naive.waiting_in(q->id);
    const auto real = state.waiting.entries_of(q->id);
    expect(real.size() == expected.size(), "another number waits in a queue");
    for (std::size_t n = 0; n < expected.size(); ++n) {
      expect(real[n].interaction == expected[n], "the order in a queue differs");
      expect(state.position(*state.interactions.find(expected[n])) == n + 1, "a position differs");
    }
  }
}

class Day {
 public:
  explicit Day(bool in_company) : in_company_(in_company) {}

  // Plays the ops. Throws Disagreement.
  void play(const std::vector<Op>& ops) {
    for (const std::string& line : opening()) step(line);
    for (const Op& op : ops) {
      now_ += op.pause;
      advance();
      const TimeMs since = now_ - kStart;
      const std::string line = in_company_ ? line_in_company(op, naive_, since) : line_of(op, naive_, since);
      lines_.push_back("at " + script::show_duration(static_cast<std::int64_t>(now_ - kStart)) + " " + line);
      step(line);
    }
    now_ += 100'000;
    advance();
    lines_.push_back("at " + script::show_duration(static_cast<std::int64_t>(now_ - kStart)) + " advance");
    check();
    expect(driver_.state().deadlines.size() == 0 || driver_.core().next_deadline() > now_, "a deadline is overdue");
    const std::string wrong = driver_.crash();
    expect(wrong.empty(), wrong);
  }

  [[nodiscard]] std::string script() const {
    std::string text = "# name: found by tests/model\n";
    for (const std::string& line : opening()) text += line + "\n";
    for (const std::string& line : lines_) text += line + "\n";
    return text;
  }
  [[nodiscard]] std::string saved() const { return driver_.core().save(); }

 private:
  [[nodiscard]] std::vector<std::string> opening() const {
    std::vector<std::string> lines = setting();
    if (!in_company_) return lines;
    for (std::string& line : company()) lines.push_back(std::move(line));
    return lines;
  }

  void advance() {
    for (const script::TimedEvent& e : driver_.advance(now_)) {
      speech_.learn(e.event);
      repetitions_.see(e.event, e.time_ms, driver_.state());
    }
    naive_.advance(now_);
  }

  void step(const std::string& line) {
    if (line == "restart") {
      const std::string wrong = driver_.restart();
      expect(wrong.empty(), wrong);
      return;
    }
    const script::Spoken spoken = speech_.parse(script::split(line, ' '));
    const script::Answer answer = driver_.submit(spoken.command, Source::kApi, {}, now_);
    if (spoken.bind && answer.outcome.rejection == Rejection::kNone) spoken.bind(answer.outcome.result);
    expect(answer.outcome.rejection == Rejection::kNone || answer.events.empty(), "a rejected command has events");
    for (const Event& event : answer.events) {
      speech_.learn(event);
      repetitions_.see(event, now_, driver_.state());
    }
    const Rejection expected = naive_.submit(spoken.command, now_);
    expect(answer.outcome.rejection == expected,
           "answered " + std::string(name(answer.outcome.rejection)) + ", expected " + std::string(name(expected)));
    check();
  }

  void check() {
    compare_agents(driver_.state(), naive_);
    compare_work(driver_.state(), naive_);
    compare_order(driver_.state(), naive_);
    for (const std::string& broken : {naive_.broken(), naive_.idle_while_waiting(), naive_.over_capacity(),
                                      naive_.endless_claim(), naive_.odd_company()})
      expect(broken.empty(), broken);
  }

  bool in_company_;
  script::CoreDriver driver_;
  script::Speech speech_;
  Naive naive_;
  Repetitions repetitions_;
  TimeMs now_ = kStart;
  std::vector<std::string> lines_;
};

bool agrees(bool in_company) {
  setenv("RC_PARAMS", "seed=20261121 max_success=150 max_size=100", 0);
  int runs = 0;
  return rc::check("the core agrees with the naive center", [&] {
    const std::vector<Op> sequence = *ops().as("ops");
    Day day(in_company);
    try {
      day.play(sequence);
    } catch (const std::runtime_error& error) {
      RC_FAIL(std::string(error.what()) + "\n" + day.script());
    }
    if (++runs % 20 == 0) {
      Day again(in_company);
      again.play(sequence);
      RC_ASSERT(again.saved() == day.saved());
    }
  });
}

TEST(Model, TheCoreAgreesWithTheNaiveCenter) {
  EXPECT_TRUE(agrees(false));
}

TEST(Model, TheyAgreeOnSeveralPeopleInOneConversation) {
  EXPECT_TRUE(agrees(true));
}

}  // namespace

}  // namespace sb::model
