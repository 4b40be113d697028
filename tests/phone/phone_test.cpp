// Calls from the first ring to the end, over HTTP on both sides.
#include "call_center.h"

namespace sb::phone {
namespace {

using routing::InteractionState;

const std::string kCallPath = "Calls/" + std::string("CA00000000000000000000000000000abc") + ".json";

TEST_F(CallCenter, FromMenuToConversationToHangUp) {
  const auto menu = twiml("/twilio/voice/incoming");
  EXPECT_STREQ(menu.child("Gather").child("Say").text().get(), "For sales, press 1.");
  EXPECT_EQ(interaction()->state, InteractionState::kDialogue);

  const std::string action = target_of(menu.child("Gather").attribute("action").value());
  const auto enqueue = twiml(action, {{"Digits", "1"}}).child("Enqueue");
  EXPECT_STREQ(enqueue.text().get(), "sb-sales");
  const std::string wait_url = target_of(enqueue.attribute("waitUrl").value());
  const auto wait = twiml(wait_url, {{"QueuePosition", "9"}});
  EXPECT_STREQ(wait.child("Say").text().get(), "You are number 1 in the queue.");
  EXPECT_STREQ(wait.child("Play").text().get(), "https://cc.example.com/static/hold.wav");

  sign_in(kAmy);
  const std::string callback = accept(kAmy);
  const auto rung = seen("POST", kRingPath);
  ASSERT_EQ(rung.size(), 1u);
  EXPECT_EQ(rung[0].field("From"), kNumber);
  EXPECT_EQ(rung[0].field("To"), "client:amy");
  EXPECT_EQ(rung[0].field("EndConferenceOnExit"), "false");
  EXPECT_EQ(interaction()->state, InteractionState::kConnecting);
  EXPECT_STREQ(twiml(wait_url).child("Say").text().get(),
               "Thank you for waiting. An agent is about to take your call.");

  leg_status(callback, kAmy, "ringing");
  EXPECT_EQ(interaction()->state, InteractionState::kConnecting);
  leg_status(callback, kAmy, "in-progress");
  EXPECT_EQ(interaction()->state, InteractionState::kActive);
  until_seen("POST", kCallPath, "Url", "https://cc.example.com/twilio/voice/connect?i=1");
  const auto conference = twiml("/twilio/voice/connect?i=1").child("Dial").child("Conference");
  EXPECT_STREQ(conference.text().get(), "sb-1");
  twiml("/twilio/voice/queue-result?i=1&n=0", {{"QueueResult", "redirected"}});

  caller_status("completed", 3);
  EXPECT_FALSE(interaction());
  until_seen("POST", "Calls/CAleg-agent-1.json", "Status", "completed");
  until_quiet();
  EXPECT_TRUE(seen("POST", kCallPath, "Status", "completed").empty()) << "the caller is gone already";
}

TEST_F(CallCenter, RepeatedAndLateCallbacksChangeNothingTwice) {
  const std::string first = hook("/twilio/voice/incoming", {{"CallSid", kCall}, {"To", kNumber}}).body;
  const Seq after_first = last_seq();
  EXPECT_EQ(hook("/twilio/voice/incoming", {{"CallSid", kCall}, {"To", kNumber}}).body, first);
  EXPECT_EQ(last_seq(), after_first);
  const Pairs key{{"CallSid", kCall}, {"To", kNumber}, {"Digits", "1"}};
  const std::string chosen = hook("/twilio/voice/menu?i=1&n=1", key).body;
  const Seq after_menu = last_seq();
  EXPECT_EQ(hook("/twilio/voice/menu?i=1&n=1", key).body, chosen);
  EXPECT_EQ(last_seq(), after_menu);

  sign_in(kAmy);
  const std::string callback = accept(kAmy);
  leg_status(callback, kAmy, "in-progress");
  until_quiet();
  const Seq after_join = last_seq();
  leg_status(callback, kAmy, "in-progress");
  leg_status(callback, kAmy, "ringing");
  news("/twilio/voice/conference?i=1", {{"StatusCallbackEvent", "participant-join"},
                                        {"ConferenceSid", "CF1"},
                                        {"CallSid", "CAleg-agent-1"},
                                        {"ParticipantLabel", "agent-1"}});
  EXPECT_EQ(last_seq(), after_join);
  EXPECT_EQ(seen("POST", kCallPath, "Url", "https://cc.example.com/twilio/voice/connect?i=1").size(), 1u);

  caller_status("completed", 5);
  const Seq after_end = last_seq();
  caller_status("completed", 5);
  caller_status("in-progress", 1);
  leg_status(callback, kAmy, "completed");
  EXPECT_EQ(last_seq(), after_end);
  EXPECT_STREQ(twiml("/twilio/voice/incoming").first_child().name(), "Hangup");
  EXPECT_EQ(last_seq(), after_end);
}

TEST_F(CallCenter, HangUpOvertakesTheCallItself) {
  caller_status("completed", 1);
  const Seq before = last_seq();
  EXPECT_STREQ(twiml("/twilio/voice/incoming").first_child().name(), "Hangup");
  EXPECT_EQ(last_seq(), before);
}

TEST_F(CallCenter, UnsignedRequestsLeaveNoTrace) {
  const Seq before = last_seq();
  const Pairs fields{{"CallSid", kCall}, {"To", kNumber}, {"From", kCaller}};
  for (const std::string token : {"", "wrong"}) {
    const auto answer = hook("/twilio/voice/incoming", fields, token);
    EXPECT_EQ(answer.status, 403u);
    EXPECT_NE(answer.body.find("bad_signature"), std::string::npos);
  }
  EXPECT_EQ(hook("/twilio/voice/status", {{"CallSid", kCall}, {"CallStatus", "completed"}}, "wrong").status, 403u);
  EXPECT_EQ(last_seq(), before);
  EXPECT_EQ(hook("/twilio/voice/incoming", fields, "rotated").status, 200u) << "the second token is good too";

  EXPECT_EQ(hook("/twilio/voice/incoming", {{"CallSid", kCall}, {"To", "+19999999999"}}).status, 404u);
  EXPECT_EQ(hook("/twilio/voice/incoming", {{"To", kNumber}}).status, 400u);
  EXPECT_EQ(hook("/twilio/voice/nothing", {}).status, 404u);
  net::ClientRequest broken;
  broken.method = "POST";
  broken.url = "http://127.0.0.1:" + std::to_string(web_->port()) + "/twilio/voice/incoming";
  broken.headers.add("X-Twilio-Signature", "x");
  broken.body = "CallSid=%zz";
  EXPECT_EQ(send(std::move(broken)).status, 400u);
  net::ClientRequest music;
  music.url = "http://127.0.0.1:" + std::to_string(web_->port()) + "/static/hold.wav";
  EXPECT_EQ(send(std::move(music)).body.substr(0, 4), "RIFF");
}

TEST_F(CallCenter, KnownCallersBringTheirFactsAndWithheldNumbersNone) {
  ask(command::PutCustomer{{}, {}, 0});
  known_identity_ = hasher_->hash({"phone", kCaller});
  known_customer_ = {{1}, 2, "zh-CN", false, {}, kBen, {}, {}};
  twiml("/twilio/voice/incoming");
  EXPECT_EQ(interaction()->customer.value, 1u);
  EXPECT_EQ(interaction()->tier, 2u);
  EXPECT_EQ(interaction()->language.view(), "zh-CN");
  for (const char* from : {"anonymous", "+266696687", "restricted"}) {
    const std::string call = std::string("CA-") + from;
    EXPECT_EQ(hook("/twilio/voice/incoming", {{"CallSid", call}, {"To", kNumber}, {"From", from}}).status, 200u);
  }
  EXPECT_NE(interaction({2})->customer, interaction({3})->customer) << "withheld numbers are not one person";
}

TEST_F(CallCenter, MenuRepeatsThenTakesTheDefaultQueue) {
  twiml("/twilio/voice/incoming");
  const auto wrong = twiml("/twilio/voice/menu?i=1&n=1", {{"Digits", "9"}});
  EXPECT_STREQ(wrong.child("Say").text().get(), "Sorry, that key is not in the menu.");
  const auto silent = twiml(target_of(wrong.child("Redirect").text().get()));
  EXPECT_STREQ(silent.child("Say").text().get(), "Sorry, we did not hear a key.");
  EXPECT_TRUE(twiml(target_of(silent.child("Redirect").text().get())).child("Enqueue"));
  EXPECT_EQ(interaction()->queue, kSales);
}

TEST_F(CallCenter, OutOfHoursBecomesATicket) {
  open_ = false;
  const auto first = twiml("/twilio/voice/incoming");
  EXPECT_TRUE(first.child("Hangup"));
  const std::string said = first.child("Say").text().get();
  EXPECT_NE(said.find("closed"), std::string::npos);
  EXPECT_FALSE(interaction());
  bool ticket = false;
  on_io([&] { ticket = engine_->view().tickets.find({1}) != nullptr; });
  EXPECT_TRUE(ticket);
  EXPECT_EQ(said, twiml("/twilio/voice/incoming").child("Say").text().get());
}

TEST_F(CallCenter, FullAndClosedQueuesSaySo) {
  put_queue(true, 1);
  call_in();
  twiml("/twilio/voice/incoming", {}, "CA2");
  const auto full = twiml("/twilio/voice/menu?i=2&n=1", {{"Digits", "1"}}, "CA2");
  EXPECT_NE(std::string(full.child("Say").text().get()).find("full"), std::string::npos);
  EXPECT_TRUE(full.child("Hangup"));
  until("the refused call is over", [this] { return engine_->view().interactions.find({2}) == nullptr; });
  put_queue(false, 0);
  twiml("/twilio/voice/incoming", {}, "CA3");
  const auto closed = twiml("/twilio/voice/menu?i=3&n=1", {{"Digits", "1"}}, "CA3");
  EXPECT_NE(std::string(closed.child("Say").text().get()).find("closed"), std::string::npos);
}

TEST_F(CallCenter, AbandonedInTheQueueAndWhileRinging) {
  call_in();
  twiml("/twilio/voice/incoming", {}, "CA2");
  news("/twilio/voice/queue-result?i=1&n=0", {{"CallSid", kCall}, {"QueueResult", "hangup"}});
  EXPECT_FALSE(interaction());
  caller_status("completed", 2);
  until_quiet();
  on_io([this] { EXPECT_TRUE(calls_.empty()) << "nobody was rung and nothing is left to end"; });

  sign_in(kAmy);
  twiml("/twilio/voice/menu?i=2&n=1", {{"Digits", "1"}}, "CA2");
  const std::string callback = accept(kAmy, {2});
  news("/twilio/voice/status", {{"CallSid", "CA2"}, {"CallStatus", "completed"}});
  EXPECT_FALSE(interaction({2}));
  until_seen("POST", "Calls/CAleg-agent-1.json", "Status", "completed");
  leg_status(callback, kAmy, "in-progress");  // picked up in that very moment
  until_seen("POST", "Calls/CAleg-agent-1.json", "Status", "completed", 2);
}

TEST_F(CallCenter, AnAgentWhoDoesNotPickUpGivesTheCallBack) {
  sign_in(kAmy);
  call_in();
  const std::string callback = accept(kAmy);
  leg_status(callback, kAmy, "no-answer");
  const auto i = interaction();
  EXPECT_EQ(i->state, InteractionState::kQueued);
  EXPECT_FALSE(i->agent);
  on_io([this] { EXPECT_EQ(engine_->view().agents.find(kAmy)->presence, Presence::kNotResponding); });
  EXPECT_STREQ(twiml("/twilio/voice/wait?i=1").child("Say").text().get(), "You are number 1 in the queue.");
  sign_in(kBen);
  talk(kBen);
  EXPECT_EQ(interaction()->agent, kBen);
  leg_status(callback, kAmy, "in-progress");  // a late one of the first leg
  EXPECT_EQ(interaction()->agent, kBen);
  until_seen("POST", "Calls/CAleg-agent-1.json", "Status", "completed");
}

TEST_F(CallCenter, ASilentProviderCountsAsNoAnswer) {
  close();
  ring_timeout_s_ = 0;
  callback_grace_ms_ = 30;
  open();
  sign_in(kAmy);
  call_in();
  ask(command::AcceptOffer{kAmy, offer_of()});
  until("given back", [this] { return engine_->view().interactions.find({1})->state == InteractionState::kQueued; });
}

TEST_F(CallCenter, TheAgentEndsTheCall) {
  sign_in(kAmy);
  call_in();
  talk(kAmy);
  ask(command::EndInteraction{{1}, Party::kAgent, kAmy, EndReason::kCompleted});
  until_seen("POST", kCallPath, "Status", "completed");
  until_quiet();
  EXPECT_EQ(seen("POST", "Conferences/CF1.json", "Status", "completed").size(), 1u);
  EXPECT_EQ(seen("POST", "Calls/CAleg-agent-1.json", "Status", "completed").size(), 1u);
  EXPECT_STREQ(twiml("/twilio/voice/connect-result?i=1").first_child().name(), "Hangup");
}

TEST_F(CallCenter, TheAgentsPhoneHangsUp) {
  sign_in(kAmy);
  call_in();
  const std::string callback = talk(kAmy);
  leg_status(callback, kAmy, "completed");
  until("over", [this] { return engine_->view().interactions.find({1}) == nullptr; });
  until_seen("POST", kCallPath, "Status", "completed");
}

// The caller left the conference and came back; the news of the leaving comes last and must not count as the present.
TEST_F(CallCenter, LateNewsOfTheCallerDoesNotOverrideNewerNews) {
  sign_in(kAmy);
  call_in();
  const std::string callback = talk(kAmy);
  const auto tell = [&](const std::string& event, const std::string& number) {
    news("/twilio/voice/conference?i=1", {{"StatusCallbackEvent", event},
                                          {"ConferenceSid", "CF1"},
                                          {"CallSid", kCall},
                                          {"ParticipantLabel", "caller"},
                                          {"SequenceNumber", number}});
  };
  tell("participant-join", "6");
  tell("participant-leave", "5");
  leg_status(callback, kAmy, "completed");
  until("over", [this] { return engine_->view().interactions.find({1}) == nullptr; });
  EXPECT_EQ(ended_by(), Party::kAgent) << "the caller was there all the time";
}

TEST(NewsOrder, OnlyOlderNewsOfTheSameThingIsRefused) {
  NewsOrder order;
  EXPECT_TRUE(order.take("CA1", 2));
  EXPECT_FALSE(order.take("CA1", 1));
  EXPECT_FALSE(order.take("CA1", 0));
  EXPECT_TRUE(order.take("CA1", 2));  // repeated
  EXPECT_TRUE(order.take("CA1", std::nullopt));
  EXPECT_TRUE(order.take("CA1", 3));
  EXPECT_TRUE(order.take("CA2", 0));
}

TEST_F(CallCenter, HoldFollowsTheState) {
  sign_in(kAmy);
  call_in();
  talk(kAmy);
  ask(command::HoldInteraction{{1}, kAmy});
  until_seen("POST", "Conferences/CF1/Participants/caller.json", "Hold", "true");
  const auto held = seen("POST", "Conferences/CF1/Participants/caller.json", "Hold", "true");
  const auto music = twiml(target_of(held[0].field("HoldUrl")));
  EXPECT_TRUE(music.child("Play"));
  ask(command::ResumeInteraction{{1}, kAmy});
  until_seen("POST", "Conferences/CF1/Participants/caller.json", "Hold", "false");
}

TEST_F(CallCenter, ABlindTransferTakesTheCallerBackToTheQueue) {
  sign_in(kAmy);
  call_in();
  talk(kAmy);
  ask(command::TransferInteraction{{1}, kAmy, TransferKind::kBlind, kSales, {}, {}, 0});
  until_seen("POST", kCallPath, "Url", "https://cc.example.com/twilio/voice/enqueue?i=1");
  EXPECT_EQ(seen("DELETE", "Conferences/CF1/Participants/agent-1.json").size(), 1u);
  EXPECT_TRUE(twiml("/twilio/voice/enqueue?i=1").child("Enqueue"));
  sign_in(kBen);
  const std::string callback = accept(kBen);
  leg_status(callback, kBen, "in-progress");
  until_seen("POST", kCallPath, "Url", "https://cc.example.com/twilio/voice/connect?i=1", 2);
  EXPECT_EQ(interaction()->agent, kBen);
}

TEST_F(CallCenter, AWarmTransferHoldsTheCallerMeanwhile) {
  sign_in(kAmy);
  call_in();
  talk(kAmy);
  sign_in(kBen);
  ask(command::TransferInteraction{{1}, kAmy, TransferKind::kWarm, {}, kBen, {}, 0});
  const std::string callback = accept(kBen);
  EXPECT_EQ(seen("POST", "Conferences/CF1/Participants/caller.json", "Hold", "true").size(), 1u);
  leg_status(callback, kBen, "in-progress");
  EXPECT_EQ(interaction()->agent, kAmy);
  EXPECT_EQ(seen("POST", kCallPath, "Url", "https://cc.example.com/twilio/voice/connect?i=1").size(), 1u)
      << "the caller is in the conference already";
  ask(command::CompleteTransfer{{1}, kAmy});
  until_seen("POST", "Conferences/CF1/Participants/caller.json", "Hold", "false");
  EXPECT_EQ(seen("DELETE", "Conferences/CF1/Participants/agent-1.json").size(), 1u);
  EXPECT_EQ(interaction()->agent, kBen);
}

TEST_F(CallCenter, AConsultantWhoHangsUpLeavesTheCallWhereItWas) {
  sign_in(kAmy);
  call_in();
  talk(kAmy);
  sign_in(kBen);
  ask(command::TransferInteraction{{1}, kAmy, TransferKind::kWarm, {}, kBen, {}, 0});
  const std::string callback = accept(kBen);
  leg_status(callback, kBen, "busy");
  until_seen("POST", "Conferences/CF1/Participants/caller.json", "Hold", "false");
  const auto i = interaction();
  EXPECT_EQ(i->agent, kAmy);
  EXPECT_FALSE(i->consultant);
  EXPECT_EQ(i->state, InteractionState::kActive);
}

TEST_F(CallCenter, ARestartInTheMiddleKeepsTheCallGoing) {
  sign_in(kAmy);
  call_in();
  restart();
  EXPECT_TRUE(twiml("/twilio/voice/incoming").child("Enqueue")) << "the same call, where it stands";
  EXPECT_STREQ(twiml("/twilio/voice/wait?i=1").first_child().name(), "Say");
  const std::string callback = accept(kAmy);
  EXPECT_EQ(seen("POST", kRingPath).back().field("From"), kNumber) << "read back from the journal";
  restart();
  leg_status(callback, kAmy, "in-progress");
  until_seen("POST", kCallPath, "Url", "https://cc.example.com/twilio/voice/connect?i=1");
  EXPECT_EQ(interaction()->state, InteractionState::kActive);
  until_quiet();
  restart();
  ask(command::HoldInteraction{{1}, kAmy});
  until_seen("POST", "Conferences/CF1/Participants/caller.json", "Hold", "true");
  until_quiet();
  restart();
  caller_status("completed", 9);
  EXPECT_FALSE(interaction());
  EXPECT_EQ(seen("POST", kRingPath).size(), 1u) << "nobody was rung twice";
}

TEST_F(CallCenter, AnOrderOfUnknownOutcomeDoesNotRingTwice) {
  sign_in(kAmy);
  call_in();
  on_io([this] {
    faults_ = {{503, 0}};  // answered so, yet carried out
    leg_known_ = true;
  });
  ask(command::AcceptOffer{kAmy, offer_of()});
  until_seen("GET", "Conferences/CF1/Participants/agent-1.json");
  until_quiet();
  EXPECT_EQ(seen("POST", kRingPath).size(), 1u);
}

TEST_F(CallCenter, TheOutboxTriesAgainAfterAServerError) {
  sign_in(kAmy);
  call_in();
  on_io([this] { faults_ = {{500, 0}}; });
  accept(kAmy);
  until_seen("POST", kRingPath, "Label", "agent-1", 2);
  until_quiet();
  EXPECT_EQ(interaction()->state, InteractionState::kConnecting);
  on_io([this] { EXPECT_EQ(outbox_->died(), 0u); });
}

TEST_F(CallCenter, ARefusedOrderIsADeadLetterAndTheCallGoesBack) {
  sign_in(kAmy);
  call_in();
  on_io([this] { faults_ = {{400, 21210}}; });
  ask(command::AcceptOffer{kAmy, offer_of()});
  until("a dead letter", [this] { return outbox_->died() == 1; });
  until("given back", [this] { return engine_->view().interactions.find({1})->state == InteractionState::kQueued; });
  const auto letters = outbox_->dead_letters(0, 10);
  ASSERT_TRUE(letters);
  ASSERT_EQ(letters->size(), 1u);
  EXPECT_NE((*letters)[0].reason.find("21210"), std::string::npos);
  EXPECT_EQ((*letters)[0].reason.find(kToken), std::string::npos);
}

TEST_F(CallCenter, ACallerWhoIsGoneWhenTheyShouldBeConnectedIsOver) {
  sign_in(kAmy);
  call_in();
  const std::string callback = accept(kAmy);
  on_io([this] { faults_ = {{400, 21220}}; });
  leg_status(callback, kAmy, "in-progress");
  until("over", [this] { return engine_->view().interactions.find({1}) == nullptr; });
  until_quiet();
  on_io([this] { EXPECT_EQ(outbox_->died(), 0u); });
}

TEST_F(CallCenter, TroubleIsSpokenAndBounded) {
  twiml("/twilio/voice/incoming");
  for (unsigned n = 0; n < kTroubleTurnsMax; ++n) {
    const auto apology = twiml("/twilio/voice/fallback", {{"ErrorCode", "11200"}});
    EXPECT_STREQ(apology.first_child().name(), "Say");
    EXPECT_TRUE(twiml(target_of(apology.child("Redirect").text().get())).child("Gather")) << "taken up again";
  }
  EXPECT_TRUE(twiml("/twilio/voice/fallback", {{"ErrorCode", "11200"}}).child("Hangup"));
  until("given up", [this] { return engine_->view().interactions.find({1}) == nullptr; });
  EXPECT_STREQ(twiml("/twilio/voice/wait?i=77").first_child().name(), "Leave");
  EXPECT_STREQ(twiml("/twilio/voice/menu?i=77&n=1", {{"Digits", "1"}}, "CA9").first_child().name(), "Say");
}

}  // namespace
}  // namespace sb::phone
