#include "console/rest.h"

#include <spdlog/spdlog.h>

namespace sb::console {

struct Rest::Route {
  std::string_view method;
  std::string_view path;  // one segment may be {id} (a number) or {name}
  Access access;
  void (Rest::*handler)(const CallPtr&);
};

const std::vector<Rest::Route>& Rest::routes() {
  using enum Access;
  static const std::vector<Route> kRoutes{
      {"POST", "/api/interactions", kProgram, &Rest::start_interactions},
      {"GET", "/api/interactions/{id}", kStaff, &Rest::get_interaction},
      {"GET", "/api/interactions/{id}/transcript", kStaff, &Rest::transcript},
      {"GET", "/api/interactions/{id}/explain", kStaff, &Rest::explain_interaction},
      {"POST", "/api/interactions/{id}/callback", kStaff, &Rest::agree_callback},
      {"POST", "/api/callbacks", kStaff, &Rest::request_callback},
      {"GET", "/api/callbacks", kStaff, &Rest::open_callbacks},
      {"DELETE", "/api/callbacks/{id}", kStaff, &Rest::cancel_callback},
      {"POST", "/api/session", kOpen, &Rest::sign_in},
      {"DELETE", "/api/session", kPerson, &Rest::sign_out},
      {"GET", "/api/me", kPerson, &Rest::me},
      {"GET", "/api/customers", kStaff, &Rest::search},
      {"POST", "/api/customers", kStaff, &Rest::create_customer},
      {"POST", "/api/customers/import", kAdmin, &Rest::import_customers},
      {"GET", "/api/customers/{id}", kStaff, &Rest::get_customer},
      {"PATCH", "/api/customers/{id}", kStaff, &Rest::change_customer},
      {"GET", "/api/customers/{id}/timeline", kStaff, &Rest::timeline},
      {"GET", "/api/customers/{id}/history", kStaff, &Rest::history},
      {"POST", "/api/customers/{id}/notes", kStaff, &Rest::add_note},
      {"POST", "/api/customers/{id}/orders", kStaff, &Rest::add_order},
      {"POST", "/api/customers/{id}/merge", kStaff, &Rest::merge},
      {"POST", "/api/customers/{id}/unmerge", kStaff, &Rest::unmerge},
      {"GET", "/api/tickets", kStaff, &Rest::tickets},
      {"GET", "/api/tickets/{id}", kStaff, &Rest::get_ticket},
      {"PATCH", "/api/tickets/{id}", kStaff, &Rest::change_ticket},
      {"POST", "/api/attachments", kPerson, &Rest::upload},
      {"GET", "/api/attachments/{name}", kStaff, &Rest::download},
      {"GET", "/api/outbox/dead", kSupervisor, &Rest::dead_letters},
      {"POST", "/api/outbox/dead/{name}/retry", kSupervisor, &Rest::retry_dead_letter},
      {"GET", "/api/board", kSupervisor, &Rest::board},
      {"GET", "/api/queues/{id}/waiting", kSupervisor, &Rest::queue_waiting},
      {"GET", "/api/agents/{id}/work", kSupervisor, &Rest::agent_work},
      {"POST", "/api/planner/staff", kSupervisor, &Rest::plan_staff},
      {"POST", "/api/planner/simulate", kSupervisor, &Rest::plan_simulation},
      {"POST", "/api/planner/whatif", kSupervisor, &Rest::plan_what_if},
      {"GET", "/api/planner/demand", kSupervisor, &Rest::measured_demand},
      {"GET", "/api/planner", kSupervisor, &Rest::plan_progress},
      {"DELETE", "/api/planner", kSupervisor, &Rest::stop_plan},
      {"GET", "/api/flow", kSupervisor, &Rest::get_flow},
      {"PUT", "/api/flow", kSupervisor, &Rest::put_flow},
      {"POST", "/api/flow/test", kSupervisor, &Rest::test_flow},
      {"POST", "/api/backup", kAdmin, &Rest::backup},
      {"GET", "/healthz", kLoopback, &Rest::health},
      {"GET", "/metrics", kLoopback, &Rest::metrics},
  };
  return kRoutes;
}

namespace {

constexpr std::chrono::milliseconds kWaitingTick{100};

bool safe(std::string_view method) {
  return method == "GET" || method == "HEAD";
}

bool is_loopback(std::string_view address) {
  return address == "::1" || address.starts_with("127.") || address.starts_with("::ffff:127.");
}

// Matches segment by segment; `variable` becomes the one in braces.
bool matches(std::string_view pattern, std::string_view path, std::string_view& variable, bool& number) {
  variable = {};
  while (!pattern.empty() && !path.empty()) {
    const std::size_t pattern_end = std::min(pattern.find('/', 1), pattern.size());
    const std::size_t path_end = std::min(path.find('/', 1), path.size());
    const std::string_view expected = pattern.substr(0, pattern_end);
    const std::string_view given = path.substr(0, path_end);
    if (expected.starts_with("/{")) {
      variable = given.substr(1);
      number = expected == "/{id}";
      if (variable.empty()) return false;
    } else if (expected != given) {
      return false;
    }
    pattern.remove_prefix(pattern_end);
    path.remove_prefix(path_end);
  }
  return pattern.empty() && path.empty();
}

}  // namespace

Rest::Rest(Context& context, RestOptions options)
    : context_(context),
      options_(std::move(options)),
      no_password_(hash_password("nobody")),
      per_login_(options_.per_login),
      per_source_(options_.per_source),
      passwords_(1, options_.passwords_waiting_max),
      questions_(2, options_.questions_waiting_max),
      replays_(1, options_.replays_waiting_max),
      plans_(1, 1) {}

Rest::~Rest() {
  stop_planning();
}

bool Rest::serves(std::string_view path) {
  return path.starts_with("/api/") || path == "/healthz" || path == "/metrics";
}

std::size_t Rest::max_body_bytes(std::string_view path, std::size_t max_attachment_bytes) {
  if (path == "/api/customers/import") return 64u << 20;
  if (path == "/api/attachments") return max_attachment_bytes + 1;  // one more is told apart from exactly full
  return 1u << 20;
}

void Rest::on_request(net::Request&& request, net::Reply reply) {
  auto call = std::make_shared<RestCall>(RestCall{std::move(request), std::move(reply)});
  const net::Request& r = call->request;
  std::string allowed;
  for (const Route& route : routes()) {
    std::string_view variable;
    bool number = false;
    if (!matches(route.path, r.path, variable, number)) continue;
    // "import" is not the number of a customer.
    const auto parsed = number ? parse_number(variable) : std::nullopt;
    if (number && !parsed) continue;
    const bool same = r.method == route.method || (r.method == "HEAD" && route.method == "GET");
    if (!same) {
      allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
      continue;
    }
    ++answered_[r.method == "GET"      ? 0
                : r.method == "POST"   ? 1
                : r.method == "PATCH"  ? 2
                : r.method == "DELETE" ? 3
                                       : 4];
    if (auto refusal = admit(*call, route.access)) return call->refuse(*refusal);
    call->id = variable;
    call->number = parsed.value_or(0);
    auto query = net::parse_form(r.query);
    if (!query) return call->refuse(bad_field("", "query: " + std::string(net::to_string(query.error()))));
    call->query = std::move(*query);
    return (this->*route.handler)(call);
  }
  if (allowed.empty()) return call->refuse({404, "not_found", "there is nothing under this path"});
  auto response = ApiError{405, "method_not_allowed", "this path answers to " + allowed}.response();
  response.headers.add("Allow", allowed);
  call->answer(std::move(response));
}

// Who asks is settled here: `call.who`, or a program's key. Nothing: welcome.
std::optional<ApiError> Rest::admit(RestCall& call, Access access) {
  const net::Request& r = call.request;
  if (const auto key = r.headers.find("Idempotency-Key"); key && key->size() > 128) {
    return bad_field("Idempotency-Key", "at most 128 bytes");
  }
  if (access == Access::kOpen) return std::nullopt;
  if (access == Access::kLoopback && is_loopback(r.remote_address)) return std::nullopt;
  if (const auto authorization = r.headers.find("Authorization")) {
    if (!context_.sign_in.api_key(*authorization)) return ApiError{401, "wrong_key", "this key is not known"};
    if (access == Access::kPerson) return ApiError{403, "forbidden", "this is for people, not for programs"};
    return std::nullopt;
  }
  const auto cookie = r.headers.find("Cookie");
  const auto session =
      cookie ? context_.sign_in.session(*cookie, context_.engine.clock().now()) : std::optional<SessionKey>{};
  call.who = session ? context_.center.agent(session->agent) : nullptr;
  if (!call.who) return ApiError{401, "not_signed_in", "sign in first"};
  if (!safe(r.method) && r.headers.find("X-Switchboard") != "1") {
    return ApiError{403, "header_missing", "send the header X-Switchboard: 1 with everything that changes something"};
  }
  const engine::Role role = call.who->role;
  if (access == Access::kProgram) return ApiError{403, "forbidden", "this is for programs with an API key"};
  if (access == Access::kAdmin && role != engine::Role::kAdmin) {
    return ApiError{403, "forbidden", "this is for administrators"};
  }
  const bool watches = access == Access::kSupervisor || access == Access::kLoopback;
  if (watches && role == engine::Role::kAgent) return ApiError{403, "forbidden", "this is for supervisors"};
  return std::nullopt;
}

void Rest::submit(const CallPtr& call, Command command, std::vector<std::string> contents, Then then) {
  engine::Submission s;
  s.command = std::move(command);
  s.source = Source::kApi;
  s.key = call->idempotency_key();
  s.contents = std::move(contents);
  s.done = [call, then = std::move(then)](const engine::Answer& answer) mutable {
    if (answer.rejection != Rejection::kNone) return call->refuse(refused(answer.rejection));
    then(answer);
  };
  if (!context_.submit(std::move(s))) call->refuse(busy());
}

void Rest::when_projected(Seq seq, std::move_only_function<void()> then) {
  if (context_.projector.position() >= seq || waiting_.size() >= kWaitingMax) return then();
  waiting_.push_back({seq, context_.engine.clock().now() + options_.records_wait_ms, std::move(then)});
  if (waiting_.size() == 1) waiting_timer_ = context_.io.every(0, kWaitingTick, [this] { give_up_waiting(); });
  // The records may have got there between the question and the entry; then nothing else would say so.
  if (context_.projector.position() >= seq) on_projected(context_.projector.position());
}

void Rest::on_projected(Seq seq) {
  std::vector<std::move_only_function<void()>> ready;
  std::erase_if(waiting_, [&](Waiting& w) {
    if (w.seq > seq) return false;
    ready.push_back(std::move(w.then));
    return true;
  });
  if (waiting_.empty()) waiting_timer_.cancel();
  for (auto& then : ready) then();
}

void Rest::give_up_waiting() {
  const TimeMs now = context_.engine.clock().now();
  std::vector<std::move_only_function<void()>> late;
  while (!waiting_.empty() && waiting_.front().until_ms <= now) {
    late.push_back(std::move(waiting_.front().then));
    waiting_.pop_front();
  }
  if (waiting_.empty()) waiting_timer_.cancel();
  for (auto& then : late) then();
}

void Rest::on_edge(std::move_only_function<void()> task) {
  context_.io.post(0, [alive = std::weak_ptr(alive_), task = std::move(task)]() mutable {
    if (!alive.expired()) task();
  });
}

void Rest::answer_from(RestWorker& worker, const CallPtr& call, std::move_only_function<net::Response()> work) {
  const bool taken = worker.post([call, work = std::move(work)]() mutable { call->answer(work()); });
  if (!taken) call->refuse(busy());
}

}  // namespace sb::console
