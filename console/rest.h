#pragma once
// The REST API (docs/protocol.md, section 3): sign-in, interactions, customers, tickets, attachments, operations.
//
// Owner: the edge thread (io thread 0): on_request, on_projected and every answer of the engine run there. Passwords,
// questions to the records, replays and plans run on threads of its own, each with a bounded queue; full is 429.
// What a client wrote it can read: an answer to a change waits until the records have reached it (at most
// RestOptions::records_wait_ms), except for POST /api/interactions, which waits only for the disk.
// Lifecycle: outlives the server that calls it; destroyed after the engine has stopped and before Context's parts.
#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "console/context.h"
#include "console/rest_call.h"
#include "console/rest_worker.h"
#include "net/http.h"
#include "net/rate_limit.h"

namespace sb::console {

struct RestOptions {
  bool secure_cookies = false;        // always mark cookies Secure, even where TLS ends at a proxy that does not say so
  DurationMs records_wait_ms = 2000;  // a changed record is answered after this even if the records lag
  std::size_t max_attachment_bytes = 5'000'000;
  // Attempts to sign in: tokens regained each second and at hand, by login and by source address.
  net::RateLimit::Options per_login{.per_s = 0.1, .burst = 8, .sources_max = 16'384};
  net::RateLimit::Options per_source{.per_s = 0.5, .burst = 40, .sources_max = 65'536};
  std::size_t passwords_waiting_max = 32;         // at about 50 ms each
  std::size_t questions_waiting_max = 512;        // to the records
  std::size_t replays_waiting_max = 4;            // explanations, imports, backups: seconds each
  std::function<std::size_t()> consoles;          // open console websockets, for /metrics; optional
  std::function<void(std::string&)> add_metrics;  // appends Prometheus lines of other parts; optional
};

class Rest {
 public:
  static constexpr std::size_t kInteractionsMax = 1'000;  // in one request

  Rest(Context& context, RestOptions options);
  ~Rest();

  [[nodiscard]] static bool serves(std::string_view path);  // /api/..., /healthz, /metrics
  // The largest body of a path, for net::Server::Options::max_body_bytes_for.
  [[nodiscard]] static std::size_t max_body_bytes(std::string_view path, std::size_t max_attachment_bytes);

  void on_request(net::Request&& request, net::Reply reply);
  // The records have reached `seq`; after each batch of the projector.
  void on_projected(Seq seq);

 private:
  struct Route;
  struct Import;
  enum class Access : std::uint8_t { kOpen, kLoopback, kPerson, kStaff, kSupervisor, kAdmin, kProgram };
  using Then = std::move_only_function<void(const engine::Answer&)>;

  // ---- rest.cpp: who may ask what, and waiting
  static const std::vector<Route>& routes();
  [[nodiscard]] std::optional<ApiError> admit(RestCall& call, Access access);
  void submit(const CallPtr& call, Command command, std::vector<std::string> contents, Then then);
  void when_projected(Seq seq, std::move_only_function<void()> then);
  void on_edge(std::move_only_function<void()> task);
  // `work` on a worker, its response to the client.
  void answer_from(RestWorker& worker, const CallPtr& call, std::move_only_function<net::Response()> work);
  // `work` on a worker, then `then` with what it found on the edge thread; its error to the client.
  template <class T>
  void prepare(RestWorker& worker, const CallPtr& call, std::move_only_function<Result<T>()> work,
               std::move_only_function<void(T)> then);

  // ---- rest_session.cpp
  void sign_in(const CallPtr& call);
  void sign_out(const CallPtr& call);
  void me(const CallPtr& call);

  // ---- rest_interactions.cpp
  void start_interactions(const CallPtr& call);
  void start_many(const CallPtr& call, const boost::json::array& elements);
  void get_interaction(const CallPtr& call);
  void transcript(const CallPtr& call);
  // rest_callbacks.cpp
  void request_callback(const CallPtr& call);
  void agree_callback(const CallPtr& call);  // for who waits on the line
  void submit_agreed(const CallPtr& call, command::RequestCallback request);
  // Whether a live phone contact came with a number that can be called. From a worker.
  [[nodiscard]] Result<bool> has_number(InteractionId interaction) const;
  void cancel_callback(const CallPtr& call);
  void open_callbacks(const CallPtr& call);
  void explain_interaction(const CallPtr& call);
  // Who the journal says it belongs to (kept under that customer even after a merge).
  [[nodiscard]] Result<CustomerId> customer_of(InteractionId interaction, CustomerId live) const;

  // ---- rest_live.cpp
  void queue_waiting(const CallPtr& call);
  void agent_work(const CallPtr& call);

  // ---- rest_customers.cpp
  void search(const CallPtr& call);
  void get_customer(const CallPtr& call);
  void timeline(const CallPtr& call);
  void history(const CallPtr& call);
  void create_customer(const CallPtr& call);
  void change_customer(const CallPtr& call);
  void add_note(const CallPtr& call);
  void add_order(const CallPtr& call);
  void merge(const CallPtr& call);
  void unmerge(const CallPtr& call);
  void put_customer(const CallPtr& call, CustomerId customer, const crm::Profile& profile);
  void add_fact(const CallPtr& call, std::string kind, std::string content);
  void answer_customer(const CallPtr& call, CustomerId customer);  // from a worker, once asked
  [[nodiscard]] net::Response customer_response(CustomerId customer) const;
  // Addresses of a profile that are somebody else's already, unless that is only an unnamed first contact. `present`
  // are the contacts the profile already shows: they are not asked about.
  [[nodiscard]] Result<CustomerId> owner_of_contacts(const crm::Profile& profile, CustomerId own,
                                                     const std::vector<ContactPoint>& present) const;
  [[nodiscard]] crm::PhoneRules phone_rules() const { return {context_.center.default_country_code}; }

  // ---- rest_import.cpp
  void import_customers(const CallPtr& call);
  void continue_import(const std::shared_ptr<Import>& import);

  // ---- rest_tickets.cpp
  void tickets(const CallPtr& call);
  void get_ticket(const CallPtr& call);
  void change_ticket(const CallPtr& call);
  [[nodiscard]] net::Response ticket_response(TicketId ticket) const;

  // ---- rest_attachments.cpp
  void upload(const CallPtr& call);
  void download(const CallPtr& call);

  // ---- rest_planner.cpp
  struct Plan;
  void plan_staff(const CallPtr& call);
  void plan_simulation(const CallPtr& call);
  void plan_what_if(const CallPtr& call);
  void plan_progress(const CallPtr& call);
  void stop_plan(const CallPtr& call);
  void measured_demand(const CallPtr& call);
  template <class Work>
  void compute(const CallPtr& call, Work work);
  void stop_planning();

  // ---- rest_flow.cpp
  void get_flow(const CallPtr& call);
  void put_flow(const CallPtr& call);
  void test_flow(const CallPtr& call);
  // The rules of a body, or those in force where it has none.
  [[nodiscard]] Result<Flow> flow_of(const boost::json::object& body) const;

  // ---- rest_operations.cpp
  void dead_letters(const CallPtr& call);
  void retry_dead_letter(const CallPtr& call);
  void board(const CallPtr& call);
  void backup(const CallPtr& call);
  void health(const CallPtr& call);
  void metrics(const CallPtr& call);

  struct Waiting {
    Seq seq;
    TimeMs until_ms;
    std::move_only_function<void()> then;
  };
  static constexpr std::size_t kWaitingMax = 10'000;
  void give_up_waiting();

  Context& context_;
  RestOptions options_;
  std::string no_password_;  // a hash nobody knows the password of: unknown logins take as long as known ones
  net::RateLimit per_login_;
  net::RateLimit per_source_;
  std::deque<Waiting> waiting_;
  net::Timer waiting_timer_;
  std::array<std::uint64_t, 5> answered_{};  // requests by method: GET, POST, PATCH, DELETE, other
  std::uint64_t sign_ins_refused_ = 0;
  std::shared_ptr<Plan> plan_;  // null: none is computed
  net::Timer plan_timer_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  RestWorker passwords_;
  RestWorker questions_;
  RestWorker replays_;
  RestWorker plans_;
};

template <class T>
void Rest::prepare(RestWorker& worker, const CallPtr& call, std::move_only_function<Result<T>()> work,
                   std::move_only_function<void(T)> then) {
  const bool taken = worker.post([this, call, work = std::move(work), then = std::move(then)]() mutable {
    auto found = work();
    on_edge([call, found = std::move(found), then = std::move(then)]() mutable {
      if (!found) return call->refuse(found.error());
      then(std::move(*found));
    });
  });
  if (!taken) call->refuse(busy());
}

}  // namespace sb::console
