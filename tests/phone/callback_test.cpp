// Callers who are called back, over HTTP on both sides.
#include <ctime>

#include "call_center.h"
#include "crm/profile.h"

namespace sb::phone {
namespace {

using routing::InteractionState;

const std::string kCalls = "Calls.json";
const std::string kGoodbye = "https://cc.example.com/twilio/voice/goodbye?i=1";

class Callback : public CallCenter {
 protected:
  Callback() {
    callback_terms_.always_offered = true;
    callback_terms_.retry_ms = 1000;
    callback_terms_.attempts_max = 2;
  }

  // A caller who waits, presses the key and hangs up.
  void ask_to_be_called_back() {
    call_in();
    const std::string action = target_of(twiml("/twilio/voice/wait?i=1").child("Gather").attribute("action").value());
    const auto booked = twiml(action, {{"Digits", "1"}});
    EXPECT_STREQ(booked.child("Say").text().get(),
                 "Thank you. We will call you back at this number. You can hang up now. Goodbye.");
    EXPECT_TRUE(booked.child("Hangup"));
    twiml_or_empty("/twilio/voice/queue-result?i=1&n=0", {{"QueueResult", "hangup"}});
    caller_status("completed", 3);
  }
  void twiml_or_empty(const std::string& target, Pairs fields) {
    fields.insert(fields.end(), {{"CallSid", kCall}, {"From", kCaller}, {"To", kNumber}});
    EXPECT_EQ(hook(target, fields).status / 100, 2u);
  }
  // As an agent or a supervisor does.
  void agree(QueueId queue = {}, CallbackOrder order = CallbackOrder::kAgentFirst) {
    ask(command::RequestCallback{{1}, order, 0, 2, 1000, {}, queue, {}, 0, 0});
  }
  void expect_goodbye(const std::string& target) {
    const auto document = twiml(target, {{"Digits", "1"}});
    EXPECT_STREQ(document.first_child().text().get(),
                 "Thank you. We will call you back at this number. You can hang up now. Goodbye.");
    EXPECT_TRUE(document.child("Hangup"));
  }
  // The order to call the customer, the n-th one.
  RestCall called(std::size_t n = 1) {
    until_seen("POST", kCalls, "To", kCaller, n);
    until_quiet();
    const auto all = seen("POST", kCalls, "To", kCaller);
    EXPECT_EQ(all.size(), n) << "nobody is called twice";
    return all.empty() ? RestCall{} : all.back();
  }
  Pairs about_customer(int n, const std::string& status) {
    return {{"CallSid", customer_sid(n)},  {"CallStatus", status}, {"From", kNumber}, {"To", kCaller},
            {"Direction", "outbound-api"}, {"SequenceNumber", "1"}};
  }
  void customer_status(const RestCall& order, int n, const std::string& status) {
    news(target_of(order.field("StatusCallback")), about_customer(n, status));
  }
  pugi::xml_node customer_answers(const RestCall& order, int n) {
    const auto answer = hook(target_of(order.field("Url")), about_customer(n, "in-progress"));
    EXPECT_EQ(answer.status, 200u);
    document_ = std::make_unique<pugi::xml_document>();
    EXPECT_TRUE(document_->load_buffer(answer.body.data(), answer.body.size())) << answer.body;
    return document_->document_element();
  }
  // What is asked about the hours when a caller whose profile has this zone presses the key.
  std::string zone_asked_for(const std::string& profile_zone) {
    std::string asked = "nothing";
    on_io([&] {
      center_.knows_time_zone = [](const std::string& zone) { return zone == "America/New_York"; };
      center_.callback_windows = [&](const std::string& zone, const std::vector<std::string>&,
                                     TimeMs from) -> engine::Center::CallbackWindows {
        asked = zone;
        return std::vector<TimeSpan>{{from - 1000, from + 3'600'000}};
      };
      known_identity_ = hasher_->hash({"phone", kCaller});
      known_customer_.time_zone = profile_zone;
    });
    ask_to_be_called_back();
    EXPECT_EQ(interaction()->callback->windows.size(), 1u);
    on_io([&] { center_.callback_windows = {}; });
    return asked;
  }
  static std::string line_path() { return "Calls/" + kCall + ".json"; }
  std::string customer_path(int n) { return "Calls/" + customer_sid(n) + ".json"; }
};

TEST_F(Callback, KeepsThePlaceAndIsConnectedWhenBothAreThere) {
  call_in();
  const auto wait = twiml("/twilio/voice/wait?i=1").child("Gather");
  ASSERT_TRUE(wait);
  EXPECT_STREQ(wait.last_child().previous_sibling().text().get(),
               "Press 1 to be called back at this number. You keep your place.");
  const std::string action = target_of(wait.attribute("action").value());
  EXPECT_TRUE(twiml(action, {{"Digits", "7"}}).child("Gather")) << "another key: it goes on waiting";
  EXPECT_TRUE(twiml(action).child("Gather")) << "no key";
  const TimeMs queued = interaction()->queued_ms;
  EXPECT_TRUE(twiml(action, {{"Digits", "1"}}).child("Hangup"));
  EXPECT_TRUE(twiml(action, {{"Digits", "1"}}).child("Hangup")) << "asked again";
  caller_status("completed", 3);
  ASSERT_TRUE(interaction()) << "whoever waits to be called back may hang up";
  EXPECT_EQ(interaction()->queued_ms, queued);

  sign_in(kAmy);
  const std::string leg = accept(kAmy);
  EXPECT_TRUE(seen("POST", kCalls).empty()) << "the agent first";
  leg_status(leg, kAmy, "in-progress");
  const RestCall order = called();
  EXPECT_EQ(order.field("From"), kNumber);
  EXPECT_EQ(order.field("Timeout"), "20");
  EXPECT_EQ(interaction()->state, InteractionState::kConnecting);
  customer_status(order, 1, "ringing");
  const auto conference = customer_answers(order, 1).child("Dial").child("Conference");
  EXPECT_STREQ(conference.text().get(), "sb-1");
  EXPECT_EQ(interaction()->state, InteractionState::kActive);
  const Seq reached = last_seq();
  customer_status(order, 1, "in-progress");
  customer_status(order, 1, "ringing");
  leg_status(leg, kAmy, "in-progress");
  caller_status("completed", 3);
  EXPECT_EQ(last_seq(), reached) << "late and repeated news change nothing";
  until_quiet();
  EXPECT_TRUE(seen("POST", customer_path(1), "Url").empty()) << "their call went there by itself";

  ask(command::HoldInteraction{{1}, kAmy});
  until_seen("POST", "Conferences/CF1/Participants/caller.json", "Hold", "true");
  customer_status(order, 1, "completed");
  EXPECT_FALSE(interaction());
  EXPECT_EQ(ended_by(), Party::kCustomer);
  until_seen("POST", "Calls/CAleg-agent-1.json", "Status", "completed");
}

TEST_F(Callback, AgreedByStaffTheCallerIsToldAndTheLineEnds) {
  call_in();
  const TimeMs queued = interaction()->queued_ms;
  faults_.push_back({503, 0});
  agree();
  until_seen("POST", line_path(), "Url", kGoodbye, 2);
  until_quiet();
  expect_goodbye("/twilio/voice/goodbye?i=1");
  expect_goodbye("/twilio/voice/wait?i=1");  // the music may end before the provider is told
  twiml_or_empty("/twilio/voice/queue-result?i=1&n=0", {{"QueueResult", "redirected"}});
  caller_status("completed", 3);
  ASSERT_TRUE(interaction());
  EXPECT_EQ(interaction()->state, InteractionState::kQueued);
  EXPECT_EQ(interaction()->queued_ms, queued) << "it keeps its place";

  sign_in(kAmy);
  leg_status(accept(kAmy), kAmy, "in-progress");
  const RestCall order = called();
  EXPECT_STREQ(customer_answers(order, 1).child("Dial").child("Conference").text().get(), "sb-1");
  EXPECT_EQ(interaction()->state, InteractionState::kActive);
  EXPECT_EQ(seen("POST", line_path(), "Url", kGoodbye).size(), 2u);
}

TEST_F(Callback, AgreedByStaffInTheMenu) {
  twiml("/twilio/voice/incoming");
  agree(kSales);
  until_seen("POST", line_path(), "Url", kGoodbye);
  expect_goodbye("/twilio/voice/menu?i=1&n=1");  // a key that was pressed too late
  EXPECT_EQ(interaction()->state, InteractionState::kQueued);
}

TEST_F(Callback, AgreedByStaffAfterARestart) {
  call_in();
  restart();  // which call is theirs is read back from the journal
  agree();
  until_seen("POST", line_path(), "Url", kGoodbye);
  caller_status("completed", 3);
  EXPECT_TRUE(interaction());
}

TEST_F(Callback, AgreedByStaffASecondTimeItIsTheSecondCallThatEnds) {
  ask_to_be_called_back();
  sign_in(kAmy);
  leg_status(accept(kAmy), kAmy, "in-progress");
  const RestCall order = called();
  customer_answers(order, 1);
  ask(command::TransferInteraction{{1}, kAmy, TransferKind::kBlind, kSales, {}, {}, 0});
  restart();
  agree();
  until_seen("POST", customer_path(1), "Url", kGoodbye);
  customer_status(order, 1, "completed");
  EXPECT_TRUE(interaction());
  until_quiet();
  EXPECT_TRUE(seen("POST", line_path()).empty()) << "who pressed the key had been told";
}

TEST_F(Callback, WhoHungUpWhenStaffAgreedItIsCalledAllTheSame) {
  call_in();
  faults_.push_back({400, 21220});
  agree();
  until_seen("POST", line_path(), "Url", kGoodbye);
  until_quiet();
  ASSERT_TRUE(interaction());
  sign_in(kAmy);
  leg_status(accept(kAmy), kAmy, "in-progress");
  called();
  EXPECT_TRUE(seen("GET", kCalls).empty()) << "at once";
}

TEST_F(Callback, APhoneThatStillHearsGoodbyeIsNotCalled) {
  sign_in(kAmy);
  twiml("/twilio/voice/incoming");
  agree(kSales, CallbackOrder::kCustomerFirst);
  until_seen("POST", line_path(), "Url", kGoodbye);
  until("only the order to call is left", [this] { return outbox_->delivered() == 1 && outbox_->pending() == 1; });
  EXPECT_TRUE(seen("POST", kCalls).empty());
  caller_status("completed", 3);
  called();
  EXPECT_EQ(seen("GET", kCalls).size(), 1u) << "it was put off once";
}

TEST_F(Callback, ABusyCustomerFreesTheAgentAndIsTriedAgain) {
  ask_to_be_called_back();
  sign_in(kAmy);
  const std::string leg = accept(kAmy);
  leg_status(leg, kAmy, "in-progress");
  const RestCall first = called();
  customer_status(first, 1, "busy");
  customer_status(first, 1, "busy");
  until_seen("DELETE", "Conferences/CF1/Participants/agent-1.json");
  until("the second try", [this] {
    const auto* i = engine_->view().interactions.find({1});
    return i && i->offer;
  });
  EXPECT_EQ(interaction()->callback->attempt, 1u);
  ask(command::AcceptOffer{kAmy, offer_of()});
  until_seen("POST", kRingPath, "Label", "agent-1", 2);
  until_quiet();
  const auto rung = seen("POST", kRingPath, "Label", "agent-1");
  news(target_of(rung.back().field("StatusCallback")),  // a call of its own
       {{"CallSid", "CAleg-second"}, {"CallStatus", "in-progress"}, {"SequenceNumber", "2"}});
  const RestCall second = called(2);
  EXPECT_NE(second.field("StatusCallback"), first.field("StatusCallback"));
  const Seq before = last_seq();
  customer_status(first, 1, "no-answer");
  EXPECT_EQ(last_seq(), before) << "news of the first try say nothing about the second";
  customer_status(second, 2, "no-answer");
  EXPECT_FALSE(interaction()) << "two tries at most";
  EXPECT_EQ(ended_by(), Party::kSystem);
}

TEST_F(Callback, TheCustomerFirst) {
  callback_terms_.order = CallbackOrder::kCustomerFirst;
  restart();
  ask_to_be_called_back();
  sign_in(kAmy);
  const RestCall order = called();
  EXPECT_TRUE(seen("POST", kRingPath).empty()) << "the agent's phone rings when the customer is there";
  EXPECT_EQ(interaction()->agent, kAmy);
  EXPECT_STREQ(customer_answers(order, 1).child("Enqueue").text().get(), "sb-sales");
  until_seen("POST", kRingPath, "Label", "agent-1");
  until_quiet();
  const auto rung = seen("POST", kRingPath, "Label", "agent-1");
  ASSERT_EQ(rung.size(), 1u);
  leg_status(target_of(rung[0].field("StatusCallback")), kAmy, "in-progress");
  EXPECT_EQ(interaction()->state, InteractionState::kActive);
  until_seen("POST", customer_path(1), "Url", "https://cc.example.com/twilio/voice/connect?i=1");
  customer_status(order, 1, "completed");
  EXPECT_FALSE(interaction());
}

TEST_F(Callback, ACustomerWhoHangsUpBeforeTheAgentIsThereIsGone) {
  callback_terms_.order = CallbackOrder::kCustomerFirst;
  restart();
  ask_to_be_called_back();
  sign_in(kAmy);
  const RestCall order = called();
  customer_answers(order, 1);
  customer_status(order, 1, "completed");
  EXPECT_FALSE(interaction());
}

TEST_F(Callback, AnAgentWhoHangsUpEndsTheRinging) {
  ask_to_be_called_back();
  sign_in(kAmy);
  const std::string leg = accept(kAmy);
  leg_status(leg, kAmy, "in-progress");
  const RestCall order = called();
  leg_status(leg, kAmy, "completed");
  until_seen("POST", customer_path(1), "Status", "completed");
  EXPECT_EQ(interaction()->state, InteractionState::kQueued);
  EXPECT_EQ(interaction()->callback->attempt, 0u) << "it was not the customer who was missed";
  const Seq before = last_seq();
  customer_status(order, 1, "canceled");
  EXPECT_TRUE(customer_answers(order, 1).child("Hangup")) << "answered too late";
  EXPECT_EQ(last_seq(), before);
}

TEST_F(Callback, TheEndMayOvertakeTheAnswer) {
  ask_to_be_called_back();
  sign_in(kAmy);
  leg_status(accept(kAmy), kAmy, "in-progress");
  const RestCall order = called();
  customer_status(order, 1, "completed");
  EXPECT_EQ(interaction()->state, InteractionState::kScheduled);
  const Seq before = last_seq();
  customer_status(order, 1, "in-progress");
  EXPECT_EQ(last_seq(), before);
}

TEST_F(Callback, AProviderThatSaysNothingCountsAsAMiss) {
  ring_timeout_s_ = 0;
  callback_grace_ms_ = 50;
  callback_terms_.retry_ms = 600'000;
  callback_terms_.order = CallbackOrder::kCustomerFirst;
  restart();
  ask_to_be_called_back();
  sign_in(kAmy);
  called();
  until("missed", [this] { return engine_->view().interactions.find({1})->state == InteractionState::kScheduled; });
}

std::string rfc2822(std::time_t at) {
  std::tm utc{};
  gmtime_r(&at, &utc);
  char text[48];
  std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &utc);
  return text;
}

TEST_F(Callback, AnUnknownOutcomeIsLookedUpBeforeItIsRepeated) {
  ask_to_be_called_back();
  sign_in(kAmy);
  const std::string leg = accept(kAmy);
  made_calls_ = R"({"sid":"CAcustomer-1","status":"ringing","date_created":")" + rfc2822(std::time(nullptr)) + "\"}";
  faults_.push_back({503, 0});
  leg_status(leg, kAmy, "in-progress");
  until_seen("GET", kCalls);
  until_quiet();
  const auto all = seen("POST", kCalls);
  ASSERT_EQ(all.size(), 1u) << "it was made, though the answer was lost";
  customer_answers(all[0], 1);
  EXPECT_EQ(interaction()->state, InteractionState::kActive);
}

TEST_F(Callback, AnOldCallToTheSameNumberIsNotTakenForThisOne) {
  ask_to_be_called_back();
  sign_in(kAmy);
  const std::string leg = accept(kAmy);
  made_calls_ = R"({"sid":"CAold","status":"no-answer","date_created":")" + rfc2822(std::time(nullptr) - 600) + "\"}";
  faults_.push_back({503, 0});
  leg_status(leg, kAmy, "in-progress");
  until_seen("POST", kCalls, {}, {}, 2);
  until_quiet();
  EXPECT_TRUE(interaction()->callback->calling);
}

TEST_F(Callback, ARefusedNumberIsAMissAndADeadLetter) {
  ask_to_be_called_back();
  sign_in(kAmy);
  const std::string leg = accept(kAmy);
  faults_.push_back({400, 21211});
  leg_status(leg, kAmy, "in-progress");
  until("missed", [this] {
    const auto* i = engine_->view().interactions.find({1});
    return i && i->state == InteractionState::kScheduled;
  });
  until_quiet();
  EXPECT_EQ(interaction()->agent, AgentId{});
}

TEST_F(Callback, GoesOnAfterARestart) {
  ask_to_be_called_back();
  sign_in(kAmy);
  restart();  // the number is read back from the journal
  leg_status(accept(kAmy), kAmy, "in-progress");
  const RestCall order = called();
  restart();  // while it rings
  until_quiet();
  EXPECT_EQ(seen("POST", kCalls).size(), 1u) << "not called again";
  customer_answers(order, 1);
  EXPECT_EQ(interaction()->state, InteractionState::kActive);
  restart();  // while they talk
  customer_status(order, 1, "in-progress");
  caller_status("completed", 3);
  EXPECT_TRUE(interaction()) << "the first call is not the one they talk on";
  customer_status(order, 1, "completed");
  EXPECT_FALSE(interaction());
}

TEST_F(Callback, AScheduledOneThatNobodyCalledInFor) {
  std::promise<engine::Answer> started;
  auto future = started.get_future();
  command::StartInteraction start;
  start.channel = Channel::kPhone;
  start.identity = hasher_->hash({"phone", kCaller});
  start.identity_content = 1;
  engine::Submission s{
      start, Source::kApi, {}, {crm::to_json(crm::IdentityDetails{{"phone", kCaller}, {}, false})}, {}};
  s.done = [&](const engine::Answer& answer) { started.set_value(answer); };
  ASSERT_TRUE(engine_->submit(std::move(s)));
  EXPECT_EQ(future.get().result, 1u);
  const TimeMs at = engine_->clock().now() + 1000;
  ask(command::RequestCallback{{1}, CallbackOrder::kAgentFirst, at, 1, 1000, {}, kSales, {}, 0, 0});
  EXPECT_EQ(interaction()->state, InteractionState::kScheduled);
  sign_in(kAmy);
  leg_status(accept(kAmy), kAmy, "in-progress");
  const RestCall order = called();
  EXPECT_EQ(order.field("From"), kNumber) << "the first of ours";
  EXPECT_TRUE(customer_answers(order, 1).child("Dial"));
  ask(command::EndInteraction{{1}, Party::kAgent, kAmy, EndReason::kCompleted});
  until_seen("POST", customer_path(1), "Status", "completed");
}

TEST_F(Callback, CancelledWhileThePhoneRings) {
  ask_to_be_called_back();
  sign_in(kAmy);
  leg_status(accept(kAmy), kAmy, "in-progress");
  called();
  ask(command::EndInteraction{{1}, Party::kCustomer, {}, EndReason::kCompleted});
  until_seen("POST", customer_path(1), "Status", "completed");
  until_seen("POST", "Calls/CAleg-agent-1.json", "Status", "completed");
}

TEST_F(Callback, IsOfferedWhenAStepOfRelaxationSaysSo) {
  callback_terms_.always_offered = false;
  restart();
  command::PutQueue put{kSales, "sales", true, Policy::kLongestIdle, 20'000, 60'000, 60'000, 30'000, 0, false};
  put.matching.relaxation.push_back({1000, RelaxKind::kOfferCallback, {}, 0, {}});
  ask(put);
  call_in();
  until("the step", [this] { return engine_->view().interactions.find({1})->ring == 1; });
  EXPECT_TRUE(twiml("/twilio/voice/wait?i=1").child("Gather"));
  put.matching.relaxation.clear();
  ask(put);
  EXPECT_FALSE(twiml("/twilio/voice/wait?i=1").child("Gather"));
  EXPECT_TRUE(twiml("/twilio/voice/callback?i=1", {{"Digits", "1"}}).child("Play")) << "not offered, not taken";
}

TEST_F(Callback, KeepsToTheHoursOfTheCustomersOwnClock) {
  EXPECT_EQ(zone_asked_for("America/New_York"), "America/New_York");
}

TEST_F(Callback, KeepsToTheCentersHoursWhenTheZoneIsNotKnown) {
  EXPECT_EQ(zone_asked_for("Mars/Base"), "");
}

TEST_F(Callback, IsNotOfferedToAWithheldNumber) {
  EXPECT_EQ(hook("/twilio/voice/incoming", {{"CallSid", kCall}, {"To", kNumber}, {"From", "anonymous"}}).status, 200u);
  twiml("/twilio/voice/menu?i=1&n=1", {{"Digits", "1"}});
  EXPECT_FALSE(twiml("/twilio/voice/wait?i=1").child("Gather"));
}

TEST(CallbackPhrase, NamesTheKeyInBothLanguages) {
  EXPECT_EQ(callback_phrase("*", "en-US"), "Press star to be called back at this number. You keep your place.");
  EXPECT_EQ(callback_phrase("1", "zh-CN"), "如需我们回拨您的这个号码，请按1键，您的排队位置将会保留。");
}

}  // namespace
}  // namespace sb::phone
