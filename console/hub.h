#pragma once
// The consoles' hub: hears every durable event and tells each desk what changed on it.
//
// Owner thread: the release executor; websockets must be on that io thread (index 0).
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "console/context.h"
#include "console/desk.h"
#include "console/waiting_list.h"
#include "net/server.h"

namespace sb::console {

class ConsoleSession;

class Hub : public engine::Listener {
 public:
  Hub(Context& context, std::vector<std::string> origins);
  ~Hub() override;

  // Upgrade requests for /ws/console.
  [[nodiscard]] std::expected<net::WsAccept, net::Response> on_upgrade(const net::Request& request);

  void before_event(const engine::Commit&, const Event&, const routing::State& before) override;
  void after_event(const engine::Commit&, const Event&, const routing::State& after) override;
  void after_group(Seq last) override;
  // The records have reached `seq`: profiles that changed before it can be shown.
  void on_projected(Seq seq);
  // A customer types (told by the customer's channel).
  void customer_typing(InteractionId interaction);
  // Tells every console that the server goes down.
  void say_goodbye();

  struct Figures {
    std::size_t consoles = 0;
    std::size_t watchers = 0;
  };
  [[nodiscard]] Figures figures() const { return {sessions_.size(), watchers_.size()}; }

 private:
  friend class ConsoleSession;

  // ---- sessions
  void open(const std::shared_ptr<ConsoleSession>& session);
  void seat(const std::shared_ptr<ConsoleSession>& session, Seq since);
  void closed(ConsoleSession& session);
  void drained(ConsoleSession& session);
  void watch(const std::shared_ptr<ConsoleSession>& session, bool on);
  void send_snapshot(Desk& desk);
  void send_board();
  void send_waiting();

  // ---- frames
  [[nodiscard]] Desk* desk(AgentId agent);
  void tell(AgentId agent, FrameBody body);
  void tell_work(const routing::Interaction& i, AgentId agent, bool whole);
  void tell_agents_of(const routing::Interaction& i, const FrameBody& body);
  void tell_self(AgentId agent, const routing::State& state);
  void profile_changed(CustomerId customer);

  [[nodiscard]] frame::Snapshot snapshot(const engine::AgentInfo& who) const;
  [[nodiscard]] OfferCard offer_card(const routing::Offer& offer, DurationMs waited_ms) const;
  [[nodiscard]] WorkCard work_card(const routing::Interaction& i, AgentId agent, bool whole) const;
  [[nodiscard]] WrapUpCard wrap_up_card(const routing::WrapUp& w) const;
  [[nodiscard]] ScreenPop pop_of(const Conversation& c) const;

  struct FrameWriter;

  Context& context_;
  std::vector<std::string> origins_;
  net::SendBatch batch_;
  std::unordered_map<std::uint32_t, std::unique_ptr<Desk>> desks_;
  std::vector<Desk*> touched_;  // desks with pending frames
  std::unordered_set<std::shared_ptr<ConsoleSession>> sessions_;
  std::unordered_set<std::shared_ptr<ConsoleSession>> watchers_;
  std::vector<std::pair<Seq, CustomerId>> profiles_changed_;  // waiting for the projection
  WaitingList waiting_list_;
  net::Timer board_timer_;
  net::Timer waiting_timer_;
  Seq seq_ = 0;   // of the record being told
  Seq last_ = 0;  // last one told
};

}  // namespace sb::console
