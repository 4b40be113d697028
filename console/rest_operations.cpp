#include <fmt/format.h>

#include <filesystem>

#include "console/json_codec.h"
#include "console/rest.h"

// For those who run the center: dead letters, the board, backups, health and figures.
namespace sb::console {

namespace {

constexpr std::uint64_t kDeadLettersLimit = 100;

// Prometheus text format: one HELP and TYPE for each name.
class Metrics {
 public:
  void gauge(std::string_view name, std::string_view help, std::uint64_t value) { one(name, "gauge", help, value); }
  void counter(std::string_view name, std::string_view help, std::uint64_t value) { one(name, "counter", help, value); }
  void begin(std::string_view name, std::string_view type, std::string_view help) {
    out += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
  }
  void labelled(std::string_view name, std::string_view label, std::string_view label_value, std::uint64_t value) {
    put_labelled(name, label, label_value);
    out += fmt::format("{}\n", value);
  }
  void labelled_thousandths(std::string_view name, std::string_view label, std::string_view label_value,
                            std::uint32_t value) {
    put_labelled(name, label, label_value);
    out += fmt::format("{:.3f}\n", value / 1000.0);
  }
  void thousandths(std::string_view name, std::uint32_t value) {
    out += fmt::format("{} {:.3f}\n", name, value / 1000.0);
  }

  std::string out;

 private:
  void put_labelled(std::string_view name, std::string_view label, std::string_view label_value) {
    out += fmt::format("{}{{{}=\"", name, label);
    for (const char c : label_value) {
      if (c == '\\' || c == '"') out += '\\';
      out += c == '\n' ? ' ' : c;
    }
    out += "\"} ";
  }
  void one(std::string_view name, std::string_view type, std::string_view help, std::uint64_t value) {
    begin(name, type, help);
    out += fmt::format("{} {}\n", name, value);
  }
};

void put_center(Metrics& m, const engine::Center& center, const routing::State& state, TimeMs now) {
  m.begin("switchboard_queue_waiting", "gauge", "Interactions that wait in a queue.");
  for (const auto& queue : center.queues) {
    m.labelled("switchboard_queue_waiting", "queue", queue.name, state.waiting.waiting_in(queue.id));
  }
  m.begin("switchboard_queue_oldest_ms", "gauge", "How long the oldest of a queue waits.");
  constexpr std::size_t kSearched = 64;
  for (const auto& queue : center.queues) {
    const TimeMs oldest = state.oldest_queued_ms(queue.id, kSearched);
    m.labelled("switchboard_queue_oldest_ms", "queue", queue.name, oldest != 0 && now > oldest ? now - oldest : 0);
  }
  std::array<std::uint64_t, kPresenceNames.size()> present{};
  std::uint64_t work = 0;
  for (std::uint32_t slot = 0; slot < state.agents.slots(); ++slot) {
    const routing::Agent& agent = state.agents.at(slot);
    if (!agent.id) continue;
    ++present[agent.signed_in ? index_of(agent.presence) : index_of(Presence::kOffline)];
    work += agent.work.size();
  }
  m.begin("switchboard_agents", "gauge", "Agents by presence.");
  for (std::size_t n = 0; n < present.size(); ++n) {
    m.labelled("switchboard_agents", "presence", kPresenceNames[n], present[n]);
  }
  m.gauge("switchboard_agent_work", "Interactions held by agents.", work);
  m.gauge("switchboard_interactions", "Interactions alive.", state.interactions.size());
  m.gauge("switchboard_tickets_open", "Tickets not closed.", state.tickets.size());
}

// What is unknown has no line.
void put_fairness(Metrics& m, const engine::Center& center, const Board& board, const routing::State& state,
                  TimeMs now) {
  m.begin("switchboard_fairness_ratio", "gauge",
          "Jain's index of work accepted per hour signed in today, over agents: 1 is even.");
  if (const auto all = board.fairness(now)) m.thousandths("switchboard_fairness_ratio", all);
  m.begin("switchboard_queue_fairness_ratio", "gauge", "The same of a queue's work, over those who serve it.");
  for (const auto& queue : center.queues) {
    const auto fairness = board.fairness(queue.id, state, now);
    if (fairness != 0) m.labelled_thousandths("switchboard_queue_fairness_ratio", "queue", queue.name, fairness);
  }
  m.begin("switchboard_queue_wait_stddev_ms", "gauge",
          "Standard deviation of what those answered today waited, whatever their rank.");
  for (const auto& queue : center.queues) {
    m.labelled("switchboard_queue_wait_stddev_ms", "queue", queue.name, board.wait_spread_ms(queue.id));
  }
}

}  // namespace

void Rest::dead_letters(const CallPtr& call) {
  auto from = query_number(call->query, "from", 0);
  if (!from) return call->refuse(from.error());
  auto limit = query_number(call->query, "limit", kDeadLettersLimit);
  if (!limit) return call->refuse(limit.error());
  auto letters = context_.outbox.dead_letters(*from, std::clamp<std::uint64_t>(*limit, 1, 1'000));
  if (!letters) return call->refuse({503, "journal_unreadable", letters.error().message});
  boost::json::array out;
  for (const auto& letter : *letters) {
    out.push_back({{"id", fmt::format("{}-{}", letter.item.seq, letter.item.index)},
                   {"kind", letter.item.kind},
                   {"order", letter.item.order},
                   {"attempts", letter.attempts},
                   {"reason", letter.reason}});
  }
  call->answer(200, boost::json::serialize(boost::json::object{{"dead", std::move(out)}}));
}

void Rest::retry_dead_letter(const CallPtr& call) {
  const std::string_view id = call->id;
  const std::size_t dash = id.find('-');
  const auto seq = parse_number(id.substr(0, dash));
  const auto index = dash == id.npos ? std::nullopt : parse_number(id.substr(dash + 1));
  if (!seq || !index || *index > 0xFFFF) return call->refuse(bad_field("id", "must be of the form 123-0"));
  auto retried = context_.outbox.retry(*seq, static_cast<std::uint16_t>(*index));
  if (!retried && retried.error().code == storage::Error::not_found) {
    return call->refuse({404, "unknown_dead_letter", "there is no such dead letter"});
  }
  if (!retried) return call->refuse({503, "journal_unreadable", retried.error().message});
  call->answer(200, "{}");
}

void Rest::board(const CallPtr& call) {
  const TimeMs now = context_.engine.clock().now();
  const auto cards = context_.board.everything(context_.engine.view(), now);
  std::string out = "{\"queues\":";
  put_json(out, cards.queues);
  out += ",\"agents\":";
  put_json(out, cards.agents);
  out += ",\"now_ms\":" + std::to_string(now);
  if (const auto fairness = context_.board.fairness(now)) out += ",\"fairness\":" + std::to_string(fairness);
  out += '}';
  call->answer(200, std::move(out));
}

void Rest::backup(const CallPtr& call) {
  auto body = parse_object(call->request.body);
  if (!body) return call->refuse(body.error());
  if (auto unknown = only_fields(*body, {"directory", "keep"})) return call->refuse(*unknown);
  auto directory = text_field(*body, "directory", 4'000);
  if (!directory) return call->refuse(directory.error());
  if (!*directory) return call->refuse(bad_field("directory", "is required"));
  auto keep = integer_field(*body, "keep", 1, 1'000);
  if (!keep) return call->refuse(keep.error());
  const std::filesystem::path path{std::string(**directory)};
  if (!path.is_absolute()) return call->refuse(bad_field("directory", "must be an absolute path on the server"));
  answer_from(replays_, call, [this, path, keep = static_cast<std::uint32_t>(keep->value_or(7))] {
    auto done = context_.engine.store().backup(path, keep);
    if (!done) return ApiError{500, "backup_failed", done.error().message}.response();
    return net::Response::json(200, fmt::format(R"({{"backup":{},"seq":{}}})", done->id, done->seq));
  });
}

void Rest::health(const CallPtr& call) {
  const auto figures = context_.engine.figures();
  call->answer(200, fmt::format(R"({{"status":"ok","seq":{},"records_seq":{}}})", figures.last_seq,
                                context_.projector.position()));
}

void Rest::metrics(const CallPtr& call) {
  const auto f = context_.engine.figures();
  const Seq records = context_.projector.position();
  Metrics m;
  m.gauge("switchboard_last_seq", "Position of the last durable record.", f.last_seq);
  m.counter("switchboard_records_total", "Records written since the start.", f.records);
  m.counter("switchboard_groups_total", "Synced writes since the start.", f.groups);
  m.counter("switchboard_refused_busy_total", "Commands refused because the queue was full.", f.refused_busy);
  m.gauge("switchboard_commands_queued", "Commands waiting to be decided.", f.queued);
  m.gauge("switchboard_replayed_records", "Records applied after the snapshot at the start.", f.replayed);
  m.gauge("switchboard_records_lag", "Records the customer records are behind.",
          f.last_seq > records ? f.last_seq - records : 0);
  const TimeMs now = context_.engine.clock().now();
  put_center(m, context_.center, context_.engine.view(), now);
  put_fairness(m, context_.center, context_.board, context_.engine.view(), now);
  m.gauge("switchboard_consoles", "Open console connections.", options_.consoles ? options_.consoles() : 0);
  m.gauge("switchboard_conversations", "Conversations kept in memory.", context_.conversations.size());
  m.gauge("switchboard_outbox_pending", "Effects waiting to be delivered.", context_.outbox.pending());
  m.counter("switchboard_outbox_delivered_total", "Effects delivered.", context_.outbox.delivered());
  m.counter("switchboard_outbox_dead_total", "Effects that could not be delivered.", context_.outbox.died());
  m.gauge("switchboard_attachments_pending", "Uploaded files waiting to be sent.", context_.attachments.count());
  m.gauge("switchboard_attachments_pending_bytes", "Bytes of those files.", context_.attachments.bytes());
  m.gauge("switchboard_rest_waiting", "Answers waiting for the customer records.", waiting_.size());
  m.counter("switchboard_sign_ins_refused_total", "Attempts to sign in that failed or came too often.",
            sign_ins_refused_);
  m.begin("switchboard_rest_requests_total", "counter", "REST requests by method.");
  constexpr std::array<std::string_view, 5> kMethods{"GET", "POST", "PATCH", "DELETE", "other"};
  for (std::size_t n = 0; n < kMethods.size(); ++n) {
    m.labelled("switchboard_rest_requests_total", "method", kMethods[n], answered_[n]);
  }
  if (options_.add_metrics) options_.add_metrics(m.out);
  net::Response response;
  response.headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  response.body = std::move(m.out);
  call->answer(std::move(response));
}

}  // namespace sb::console
