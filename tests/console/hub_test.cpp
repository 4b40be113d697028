// What an agent's console is told over its websocket: how a callback stands, and that a contact is parked.
#include "rest_fixture.h"
#include "tests/net/wire.h"

namespace sb::console {
namespace {

class HubTest : public RestFixture {
 protected:
  // The next frame of a type, of those sent alone or several in one message.
  boost::json::object expect(net::test::Wire& wire, std::string_view type) {
    for (;;) {
      while (!frames_.empty()) {
        boost::json::object frame = std::move(frames_.front());
        frames_.pop_front();
        if (frame.at("type").as_string() == type) return frame;
      }
      const auto message = wire.read_frame();
      if (!message || message->opcode == 8) {
        ADD_FAILURE() << "the connection ended before " << type;
        return {};
      }
      if (message->opcode != 1) continue;
      auto value = boost::json::parse(message->payload);
      if (value.is_object()) {
        frames_.push_back(value.as_object());
      } else {
        for (auto& one : value.as_array()) frames_.push_back(one.as_object());
      }
    }
  }
  unsigned connect(net::test::Wire& wire, const std::string& login) {
    return wire.upgrade("/ws/console",
                        "Sec-WebSocket-Protocol: switchboard.console.v1.json\r\nCookie: " + cookie_of(login) + "\r\n");
  }
  void say(net::test::Wire& wire, const std::string& json) { ASSERT_TRUE(wire.send(net::test::text_frame(json))); }
  void accept(net::test::Wire& wire, const boost::json::object& offer) {
    say(wire, R"({"type":"accept","id":1,"offer":)" + std::to_string(offer.at("offer").to_number<int>()) + "}");
  }

  std::deque<boost::json::object> frames_;
};

TEST_F(HubTest, ACallbackSaysHowItStands) {
  net::test::Wire wire(server_->port());
  ASSERT_EQ(connect(wire, "lin"), 101u);
  expect(wire, "snapshot");
  say(wire, R"({"type":"set_presence","presence":"available"})");
  ASSERT_EQ(api("POST", "/api/callbacks", R"({"phone":"+8613800138000","queue":"general","attempts":2})").status, 201u);
  const auto offer = expect(wire, "offer_arrived").at("offer").as_object();
  const auto& asked = offer.at("callback").as_object();
  EXPECT_EQ(asked.at("order"), "agent_first");
  EXPECT_EQ(asked.at("attempts_max").to_number<int>(), 2);
  EXPECT_FALSE(asked.contains("attempt")) << "none was made yet";
  accept(wire, offer);
  EXPECT_EQ(expect(wire, "work_changed").at("work").at("state"), "connecting");
  const InteractionId id{offer.at("interaction").to_number<std::uint64_t>()};
  ASSERT_EQ(run(command::ConnectInteraction{id, {1}}).rejection, Rejection::kNone);
  const auto calling = expect(wire, "work_changed").at("work").as_object();
  EXPECT_EQ(calling.at("state"), "calling");
  EXPECT_EQ(calling.at("callback").at("attempt").to_number<int>(), 1);
  EXPECT_TRUE(calling.at("callback").at("calling").as_bool());
  ASSERT_EQ(run(command::ReachCustomer{id}).rejection, Rejection::kNone);
  auto reached = expect(wire, "work_changed").at("work").as_object();
  EXPECT_FALSE(reached.at("callback").as_object().contains("calling"));
  EXPECT_TRUE(reached.at("callback").at("reached").as_bool());
}

TEST_F(HubTest, AnOutsidePartyIsShownWithItsNumber) {
  net::test::Wire wire(server_->port());
  ASSERT_EQ(connect(wire, "lin"), 101u);
  expect(wire, "snapshot");
  say(wire, R"({"type":"set_presence","presence":"available"})");
  ASSERT_EQ(api("POST", "/api/interactions", R"({"channel":"phone","queue":"general"})").status, 201u);
  const auto offer = expect(wire, "offer_arrived").at("offer").as_object();
  accept(wire, offer);
  const InteractionId id{offer.at("interaction").to_number<std::uint64_t>()};
  EXPECT_EQ(expect(wire, "work_changed").at("work").at("state"), "connecting");
  ASSERT_EQ(run(command::ConnectInteraction{id, {1}}).rejection, Rejection::kNone);
  EXPECT_EQ(expect(wire, "work_changed").at("work").at("state"), "active");
  const auto now = [&](const Command& command, std::vector<std::string> contents = {}) {
    EXPECT_EQ(run(command, std::move(contents)).rejection, Rejection::kNone);
    return expect(wire, "work_changed").at("work").as_object();
  };
  auto work = now(command::InviteOutside{id, {1}, 1}, {"+8613800138000"});
  EXPECT_EQ(work.at("outside"), "calling");
  EXPECT_EQ(work.at("outside_number"), "+8613800138000");
  EXPECT_EQ(now(command::JoinOutside{id}).at("outside_number"), "+8613800138000");
  on_edge([&] {
    conversations_->forget(id);  // as after a restart: read back from the journal
    return true;
  });
  work = now(command::HoldInteraction{id, {1}});
  EXPECT_EQ(work.at("outside"), "connected");
  EXPECT_EQ(work.at("outside_number"), "+8613800138000");
  work = now(command::DropOutside{id, {1}, "removed"});
  EXPECT_FALSE(work.contains("outside"));
  EXPECT_FALSE(work.contains("outside_number"));
  work = now(command::InviteOutside{id, {1}, 1}, {"+8613800138001"});
  EXPECT_EQ(work.at("outside_number"), "+8613800138001");
}

TEST_F(HubTest, ATransferLeavesBehindWhatTheOldQueueAskedFor) {
  const std::vector<AnyOf> theirs{{{{{1}, 60}}}};
  const std::vector<AnyOf> own{{{{{1}, 70}}}};
  on_edge([&] {
    center_.queues[0].requires_skills = {.skills = {{{1}, 50}}, .any = theirs, .preferred = {{1}}};
    return true;
  });
  net::test::Wire wire(server_->port());
  ASSERT_EQ(connect(wire, "lin"), 101u);
  expect(wire, "snapshot");
  say(wire, R"({"type":"set_presence","presence":"available"})");
  ASSERT_EQ(api("POST", "/api/interactions", R"({"channel":"chat","queue":"sales","any":[{"zh":70}]})").status, 201u);
  const auto offer = expect(wire, "offer_arrived").at("offer").as_object();
  accept(wire, offer);
  expect(wire, "work_changed");
  const InteractionId id{offer.at("interaction").to_number<std::uint64_t>()};
  const auto needed = [&] {
    return on_edge([&] { return Requirement(engine_->view().interactions.find(id)->requirement); });
  };
  EXPECT_EQ(needed().any, (std::vector<AnyOf>{theirs[0], own[0]}));
  EXPECT_EQ(needed().preferred, (std::vector<SkillId>{{1}}));
  say(wire, R"({"type":"transfer","id":2,"interaction":)" + std::to_string(id.value) + R"(,"kind":"blind","queue":2})");
  expect(wire, "work_gone");
  Requirement left;
  left.any = own;
  EXPECT_EQ(needed(), left) << "what the customer needs goes along";
}

TEST_F(HubTest, WhatIsParkedSaysSo) {
  command::PutQueue put;
  put.queue = {2};
  put.name = "general";
  put.open = true;
  put.offer_timeout_ms = 60'000;
  put.avoid_ms = 60'000;
  put.matching.reply_ms = 1'000;
  ASSERT_EQ(run(put).rejection, Rejection::kNone);
  net::test::Wire wire(server_->port());
  ASSERT_EQ(connect(wire, "lin"), 101u);
  expect(wire, "snapshot");
  say(wire, R"({"type":"set_presence","presence":"available"})");
  ASSERT_EQ(api("POST", "/api/interactions", R"({"channel":"message","queue":"general","text":"hello"})").status, 201u);
  const auto offer = expect(wire, "offer_arrived").at("offer").as_object();
  const auto id = std::to_string(offer.at("interaction").to_number<int>());
  accept(wire, offer);
  EXPECT_FALSE(expect(wire, "work_changed").at("work").as_object().contains("parked"));
  say(wire, R"({"type":"send_message","id":2,"interaction":)" + id + R"(,"text":"Which order?","key":"a"})");
  expect(wire, "message_arrived");
  EXPECT_TRUE(expect(wire, "work_changed").at("work").at("parked").as_bool());
  ASSERT_EQ(run(command::PostMessage{{static_cast<std::uint64_t>(std::stoi(id))}, Party::kCustomer, {}, 1},
                {R"({"text":"number 7"})"})
                .rejection,
            Rejection::kNone);
  EXPECT_FALSE(expect(wire, "work_changed").at("work").as_object().contains("parked"));
}

}  // namespace
}  // namespace sb::console
