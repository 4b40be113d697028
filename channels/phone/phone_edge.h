#pragma once
// The phone channel's edge: the provider's webhooks in, commands to the engine, TwiML out; and the listener that knows
// how far each call has come.
//
// Every request is verified against the public URL before anything else. A document for a caller is always 200 and
// always says something: whatever goes wrong inside becomes a spoken apology and another try, never silence.
// Owner thread: the release executor (handle(), engine answers, callbacks of REST calls), so no locks.
// Lifecycle: construct on an open engine; add_listener(&edge), deliver() as the outbox's "twilio" deliverer and plan()
// as planner; then engine.start() and resume(). Destroyed, on the release executor, after the engine has stopped and
// the client's HTTP connections are gone (their answers come back here).
#include <expected>
#include <functional>
#include <memory>
#include <optional>

#include "channels/phone/call_flow.h"
#include "channels/phone/live_calls.h"
#include "channels/phone/order_delivery.h"
#include "channels/phone/settings.h"
#include "channels/phone/twilio_client.h"
#include "crm/directory.h"
#include "crm/identity.h"
#include "engine/center.h"
#include "engine/engine.h"
#include "engine/outbox.h"
#include "net/form.h"
#include "net/http.h"

namespace sb::phone {

class PhoneEdge final : public engine::Listener {
 public:
  // crm::Directory::find_by_identity.
  using FindCustomer = std::function<std::expected<std::optional<crm::IdentityMatch>, crm::Error>(IdentityHash)>;
  // engine::Projector::admits; false: too many new customers at once.
  using Admits = std::function<bool(const Command&)>;

  struct Parts {
    engine::Engine& engine;
    const engine::Center& center;
    Settings settings;
    crm::IdentityHasher hasher;
    FindCustomer find_customer;
    Admits admits;  // optional
    TwilioClient& client;
    engine::Outbox::After after;
  };

  explicit PhoneEdge(Parts parts);

  // Whether the path is ours: /twilio/voice/... and the hold music.
  [[nodiscard]] static bool serves(std::string_view path);
  void handle(net::Request&& request, net::Reply reply);

  void deliver(const engine::OutboxItem& item, std::uint32_t attempt, engine::Outbox::Done done) {
    delivery_.deliver(item, attempt, std::move(done));
  }

  // After a start: calls that were ringing at an agent's phone when the last run ended get their time limit again.
  void resume();

  void before_event(const engine::Commit&, const Event&, const routing::State&) override;
  void after_event(const engine::Commit&, const Event&, const routing::State&) override;

  struct Figures {
    std::uint64_t requests = 0;
    std::uint64_t refused_signatures = 0;
    std::uint64_t troubles = 0;  // apologies spoken
  };
  [[nodiscard]] const Figures& figures() const { return figures_; }

 private:
  // A verified request on its way to an answer.
  struct Hook {
    net::Form fields;  // what the provider says
    net::Form query;   // what we wrote into the URL
    net::Reply reply;

    [[nodiscard]] std::string field(std::string_view name) const { return std::string(fields.find(name).value_or("")); }
    [[nodiscard]] std::uint64_t number(std::string_view name) const;  // of the query; 0 if absent or no number
    // SequenceNumber, where the provider counts.
    [[nodiscard]] std::optional<std::uint64_t> sequence() const;
    void twiml(std::string document);
    void empty();
  };
  using HookPtr = std::shared_ptr<Hook>;
  using Answered = std::move_only_function<void(const engine::Answer&)>;
  struct Route;

  // What a leg's callback is about.
  struct LegNews {
    InteractionId interaction;
    AgentId agent;
    OfferId offer;  // 0: not said
    std::string call_sid;
    std::optional<std::uint64_t> sequence;  // among the news of this leg's call
  };

  // Verification and routing (phone_edge.cpp)
  [[nodiscard]] std::optional<net::Response> refusal(const net::Request& request, Hook& hook);
  void serve_hold_music(net::Reply& reply) const;

  // The caller's documents and news (caller_hooks.cpp)
  void on_incoming(const HookPtr& hook);
  void on_menu(const HookPtr& hook);
  void on_enqueue(const HookPtr& hook);
  void on_wait(const HookPtr& hook);
  void on_queue_result(const HookPtr& hook);
  void on_connect(const HookPtr& hook);
  void on_connect_result(const HookPtr& hook);
  void on_hold(const HookPtr& hook);
  void on_fallback(const HookPtr& hook);
  void on_status(const HookPtr& hook);
  void started(const HookPtr& hook, const Number& number, const std::vector<std::string>& labels,
               const engine::Answer& answer);
  void choose(const HookPtr& hook, const routing::Interaction& i, const MenuStep& step);
  void chosen(const HookPtr& hook, InteractionId id, const engine::Answer& answer);
  void caller_over(const HookPtr& hook, const std::string& call_sid);
  [[nodiscard]] command::StartInteraction start_command(const Number& number, const std::string& call_sid,
                                                        std::string_view from, std::vector<std::string>& contents);
  [[nodiscard]] std::string document_for(const routing::Interaction& i, const Number& number) const;
  [[nodiscard]] std::string booked_document(const routing::Interaction& i, const Number& number) const;
  [[nodiscard]] std::string wait_document(const routing::Interaction& i, const Number& number);

  // Callbacks (callback_hooks.cpp)
  void on_callback(const HookPtr& hook);
  void on_goodbye(const HookPtr& hook);
  void on_reached(const HookPtr& hook);
  void on_customer_leg(const HookPtr& hook);
  void customer_answered(const HookPtr& hook, bool wants_document);
  void customer_missed(const HookPtr& hook, const routing::Interaction& i, const std::string& status);
  void watch_customer(InteractionId interaction, Seq attempt);
  [[nodiscard]] bool offers_callback(const routing::Interaction& i);
  [[nodiscard]] std::string zone_of(const std::string& customer_number);
  // The leg that a webhook is about, if it is the present attempt's.
  [[nodiscard]] LiveCall* called_back(const routing::Interaction& i, Seq attempt);

  // Agents' legs (leg_hooks.cpp)
  void on_agent_leg(const HookPtr& hook);
  void on_conference(const HookPtr& hook);
  void leg_joined(const HookPtr& hook, const LegNews& news);
  void leg_over(const HookPtr& hook, const LegNews& news, const std::string& status);
  void settle(const LegNews& news, bool was_answered);
  void watch_leg(InteractionId interaction, AgentId agent, OfferId offer);
  void end_stray_leg(const std::string& call_sid);

  // Outside parties (outside_hooks.cpp)
  void on_outside_leg(const HookPtr& hook);
  void outside_joined(const HookPtr& hook);
  void outside_over(const HookPtr& hook, const std::string& status);
  void watch_outside(InteractionId interaction, Seq attempt);
  [[nodiscard]] OutsideLeg* outside_of(const routing::Interaction& i, Seq attempt);

  // Shared
  void submit(const HookPtr& hook, Command command, std::string key, std::vector<std::string> contents, Answered done);
  void submit_and_acknowledge(const HookPtr& hook, Command command, std::string key);
  void submit_quietly(Command command);
  void end_failed(InteractionId interaction);
  void trouble(const HookPtr& hook);
  [[nodiscard]] const routing::Interaction* interaction(const Hook& hook) const;
  [[nodiscard]] LiveCall* call_of(const routing::Interaction& i) { return calls_.find(i.id, i.customer); }
  [[nodiscard]] const Number* number_of(std::string_view to) const;
  [[nodiscard]] const Number& number_of(const Hook& hook, const routing::Interaction* i);
  [[nodiscard]] bool open_now() const;
  [[nodiscard]] std::string queue_name(const routing::Interaction& i) const;

  engine::Engine& engine_;
  const engine::Center& center_;
  const Settings settings_;
  const crm::IdentityHasher hasher_;
  const FindCustomer find_customer_;
  const Admits admits_;
  TwilioClient& client_;
  const engine::Outbox::After after_;
  const CallFlow flow_;
  const std::string hold_music_;
  LiveCalls calls_;
  OrderDelivery delivery_;
  Figures figures_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // timers look at it before touching the edge
};

}  // namespace sb::phone
