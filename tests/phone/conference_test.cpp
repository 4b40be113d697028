// Several agents in one call, and outside parties, over HTTP on both sides.
#include "call_center.h"

namespace sb::phone {
namespace {

using routing::InteractionState;

const std::string kLegs = "Conferences/sb-1/Participants.json";
const std::string kCallerPath = "Conferences/CF1/Participants/caller.json";
const std::string kAmyPath = "Conferences/CF1/Participants/agent-1.json";
const std::string kBenPath = "Conferences/CF1/Participants/agent-2.json";
const std::string kOutside = "+14155550177";

class Conference : public CallCenter {
 protected:
  void SetUp() override {
    CallCenter::SetUp();
    center_.outside_prefixes = {"+1415", "+86"};
    sign_in(kAmy);
    call_in();
    amy_leg_ = talk(kAmy);
  }
  // Ben is asked, comes to the phone and is brought in.
  void bring_ben() {
    sign_in(kBen);
    ask(command::TransferInteraction{{1}, kAmy, TransferKind::kWarm, {}, kBen, {}, 0});
    ben_leg_ = accept(kBen);
    leg_status(ben_leg_, kBen, "in-progress");
    until_seen("POST", kCallerPath, "Hold", "true");
    until_quiet();
    ask(command::ConferenceInteraction{{1}, kAmy});
  }
  void invite(const std::string& number) {
    std::promise<Rejection> answered;
    auto future = answered.get_future();
    EXPECT_TRUE(engine_->submit(
        {command::InviteOutside{{1}, kAmy, 1}, Source::kConsole, {}, {number}, [&](const engine::Answer& answer) {
           answered.set_value(answer.rejection);
         }}));
    EXPECT_EQ(future.get(), Rejection::kNone);
  }
  // The call to them, as the provider was told.
  RestCall dialled() {
    RestCall found;
    until("an outside call", [&] {
      for (const RestCall& call : calls_) {
        if (call.method == "POST" && call.path == kLegs && call.field("Label").starts_with("outside-")) found = call;
      }
      return !found.path.empty();
    });
    until_quiet();
    return found;
  }
  void outside_status(const RestCall& call, const std::string& status) {
    const std::string sequence = status == "completed" ? "4" : "3";
    news(target_of(call.field("StatusCallback")),
         {{"CallSid", leg_sid(call.field("Label"))}, {"CallStatus", status}, {"SequenceNumber", sequence}});
  }
  RestCall outside_joined() {
    invite(kOutside);
    const RestCall call = dialled();
    outside_status(call, "in-progress");
    EXPECT_EQ(interaction()->outside, OutsideState::kConnected);
    return call;
  }
  static std::string path_of(const RestCall& call) {
    return "Conferences/CF1/Participants/" + call.field("Label") + ".json";
  }
  void expect_nobody_hung_up() {
    EXPECT_TRUE(seen("POST", "Calls/" + kCall + ".json", "Status", "completed").empty());
    EXPECT_TRUE(seen("POST", "Conferences/CF1.json", "Status", "completed").empty());
  }

  std::string amy_leg_;
  std::string ben_leg_;
};

TEST_F(Conference, BroughtInTheCustomerHearsBothAndOneLegGoesAlone) {
  bring_ben();
  until_seen("POST", kCallerPath, "Hold", "false");
  EXPECT_TRUE(interaction()->has_participant(kBen));
  ask(command::LeaveConference{{1}, kAmy, kBen});
  until_seen("DELETE", kBenPath);
  until_quiet();
  EXPECT_TRUE(seen("DELETE", kAmyPath).empty());
  expect_nobody_hung_up();
  EXPECT_EQ(interaction()->state, InteractionState::kActive);
}

TEST_F(Conference, AParticipantsPhoneHangsUp) {
  bring_ben();
  leg_status(ben_leg_, kBen, "completed");
  EXPECT_TRUE(interaction()->conference->participants.empty());
  EXPECT_EQ(interaction()->agent, kAmy);
  until_quiet();
  expect_nobody_hung_up();
}

TEST_F(Conference, TheOwnersPhoneHangsUp) {
  bring_ben();
  leg_status(amy_leg_, kAmy, "completed");
  until("handed over", [this] {
    const auto* i = engine_->view().interactions.find({1});
    return i && i->agent == kBen;
  });
  until_quiet();
  EXPECT_TRUE(interaction()->conference->participants.empty());
  EXPECT_TRUE(seen("DELETE", kBenPath).empty());
  expect_nobody_hung_up();
}

TEST_F(Conference, ALegThatWasStillRingingWhenItWasBroughtIn) {
  sign_in(kBen);
  ask(command::TransferInteraction{{1}, kAmy, TransferKind::kWarm, {}, kBen, {}, 0});
  ben_leg_ = accept(kBen);
  ask(command::ConferenceInteraction{{1}, kAmy});
  leg_status(ben_leg_, kBen, "in-progress");
  EXPECT_TRUE(interaction()->has_participant(kBen));
  on_io([this] { EXPECT_TRUE(edge_->figures().troubles == 0); });
  EXPECT_TRUE(seen("POST", "Calls/CAleg-agent-2.json", "Status", "completed").empty()) << "no stray leg";
}

TEST_F(Conference, AnOutsidePartyIsCalledJoinsAndHangsUp) {
  invite(kOutside);
  const RestCall call = dialled();
  EXPECT_EQ(call.field("To"), kOutside);
  EXPECT_EQ(call.field("From"), kNumber);
  EXPECT_EQ(call.field("EndConferenceOnExit"), "false");
  outside_status(call, "ringing");
  EXPECT_EQ(interaction()->outside, OutsideState::kCalling);
  outside_status(call, "in-progress");
  EXPECT_EQ(interaction()->outside, OutsideState::kConnected);
  const Seq joined = last_seq();
  outside_status(call, "in-progress");
  EXPECT_EQ(last_seq(), joined);
  outside_status(call, "completed");
  EXPECT_EQ(interaction()->outside, OutsideState::kNone);
  EXPECT_EQ(interaction()->agent, kAmy);
  until_quiet();
  EXPECT_TRUE(seen("DELETE", path_of(call)).empty()) << "gone already";
  expect_nobody_hung_up();
}

TEST_F(Conference, AnOutsideNumberIsBusyAndAnotherIsCalled) {
  invite(kOutside);
  const RestCall first = dialled();
  outside_status(first, "busy");
  EXPECT_EQ(interaction()->outside, OutsideState::kNone);
  invite("+8613800138000");
  until("the second call", [&] {
    return std::ranges::any_of(calls_, [](const RestCall& c) { return c.field("To") == "+8613800138000"; });
  });
  until_quiet();
  outside_status(first, "completed");  // late news of the first
  EXPECT_EQ(interaction()->outside, OutsideState::kCalling);
}

TEST_F(Conference, OnlyConfiguredNumbersAreCalled) {
  for (const std::string number : {"+19005550100", "+4420", "", "client:boss", "911"}) {
    invite(number);
    until("refused", [this] { return engine_->view().interactions.find({1})->outside == OutsideState::kNone; });
  }
  until_quiet();
  on_io([this] {
    EXPECT_TRUE(
        std::ranges::none_of(calls_, [](const RestCall& c) { return c.field("Label").starts_with("outside"); }));
  });
}

TEST_F(Conference, TakenOutWhileRinging) {
  invite(kOutside);
  const RestCall call = dialled();
  ask(command::DropOutside{{1}, kAmy, "removed"});
  until_seen("DELETE", path_of(call));
  outside_status(call, "in-progress");  // picked up in that very moment
  until_seen("POST", "Calls/" + leg_sid(call.field("Label")) + ".json", "Status", "completed");
  EXPECT_EQ(interaction()->outside, OutsideState::kNone);
}

TEST_F(Conference, PassedOnTheCallerAndTheOutsidePartyStay) {
  bring_ben();
  const RestCall call = outside_joined();
  ask(command::CompleteTransfer{{1}, kAmy});
  EXPECT_FALSE(interaction());
  until_seen("POST", path_of(call), "EndConferenceOnExit", "true");
  until_seen("DELETE", kAmyPath);
  until_seen("DELETE", kBenPath);
  until_quiet();
  EXPECT_FALSE(seen("POST", kCallerPath, "Hold", "false").empty());
  EXPECT_TRUE(seen("DELETE", path_of(call)).empty());
  EXPECT_TRUE(seen("POST", "Calls/" + leg_sid(call.field("Label")) + ".json", "Status", "completed").empty());
  expect_nobody_hung_up();
  const Seq over = last_seq();
  outside_status(call, "in-progress");  // late
  outside_status(call, "completed");
  EXPECT_EQ(last_seq(), over);
  EXPECT_TRUE(seen("POST", "Calls/" + leg_sid(call.field("Label")) + ".json", "Status", "completed").empty());
  EXPECT_STREQ(twiml("/twilio/voice/connect-result?i=1").first_child().name(), "Hangup");
}

TEST_F(Conference, PassedOnAfterARestart) {
  bring_ben();
  const RestCall call = outside_joined();
  restart();
  ask(command::CompleteTransfer{{1}, kAmy});
  until_seen("POST", path_of(call), "EndConferenceOnExit", "true");
  until_seen("DELETE", kAmyPath);
  until_seen("DELETE", kBenPath);
  until_quiet();
  expect_nobody_hung_up();
}

TEST_F(Conference, TheOwnerHangsUpOnAnOutsideParty) {
  const RestCall call = outside_joined();
  leg_status(amy_leg_, kAmy, "completed");
  until("passed on", [this] { return engine_->view().interactions.find({1}) == nullptr; });
  until_seen("POST", path_of(call), "EndConferenceOnExit", "true");
  until_quiet();
  expect_nobody_hung_up();
}

TEST_F(Conference, ACallerWhoHangsUpEndsItForEverybody) {
  const RestCall call = outside_joined();
  caller_status("completed", 9);
  EXPECT_FALSE(interaction());
  until_seen("POST", "Calls/" + leg_sid(call.field("Label")) + ".json", "Status", "completed");
  until_seen("POST", "Calls/CAleg-agent-1.json", "Status", "completed");
}

TEST_F(Conference, ASilentProviderCountsAsNobodyThere) {
  close();
  ring_timeout_s_ = 0;
  callback_grace_ms_ = 30;
  open();
  center_.outside_prefixes = {"+1415"};
  invite(kOutside);
  until("given up", [this] { return engine_->view().interactions.find({1})->outside == OutsideState::kNone; });
  EXPECT_EQ(interaction()->state, InteractionState::kActive);
}

}  // namespace
}  // namespace sb::phone
