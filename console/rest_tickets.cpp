#include <algorithm>

#include "console/json_codec.h"
#include "console/rest.h"

// Tickets: lists, one with its history, and changes.
namespace sb::console {

namespace {

constexpr std::uint32_t kTicketsLimit = 50;
constexpr std::size_t kHistoryRowsMax = 2'000;  // of each customer, newest first
constexpr std::size_t kSubjectBytesMax = 500;
constexpr std::size_t kNoteBytesMax = 10'000;

ApiError unknown_ticket() {
  return {404, "unknown_ticket", "there is no such ticket"};
}

std::optional<TicketStatus> status_of(std::string_view text) {
  for (std::size_t n = 1; n < kTicketStatusNames.size(); ++n) {
    if (kTicketStatusNames[n] == text) return static_cast<TicketStatus>(n);
  }
  return std::nullopt;
}

void put_ticket_members(std::string& out, const crm::TicketDetails& t) {
  put_json_members(out, t.card, true);
  boost::json::object more{{"customer", t.customer.value}};
  if (!t.customer_name.empty()) more["customer_name"] = t.customer_name;
  if (t.priority != 0) more["priority"] = t.priority;
  more["opened_ms"] = t.opened_ms;
  if (t.solved_ms != 0) more["solved_ms"] = t.solved_ms;
  const std::string members = boost::json::serialize(more);
  out += ',';
  out.append(members, 1, members.size() - 2);
}

// What became of one ticket, from the history of its customer.
class TicketHistory {
 public:
  TicketHistory(const storage::Store& store, TicketId ticket) : store_(store), ticket_(ticket) {}

  void read(CustomerId customer) {
    auto rows = store_.timeline(customer.value, ~Seq{0}, kHistoryRowsMax);
    if (!rows) return;
    Record record;
    Seq last = 0;
    for (auto row = rows->rbegin(); row != rows->rend(); ++row) {  // oldest first
      if (row->seq == last) continue;
      last = row->seq;
      auto bytes = store_.read_record(row->seq);
      if (!bytes || !decode_record(*bytes, record)) continue;
      for (const Event& event : record.events) {
        std::visit([&](const auto& e) { on(e, record); }, event);
      }
    }
  }

  [[nodiscard]] std::string subject() const { return subject_; }
  [[nodiscard]] boost::json::array sorted() {
    std::stable_sort(entries_.begin(), entries_.end(), [](const auto& a, const auto& b) {
      return a.as_object().at("time_ms").as_uint64() < b.as_object().at("time_ms").as_uint64();
    });
    return std::move(entries_);
  }

 private:
  boost::json::object& add(const Record& record, std::string_view kind, AgentId agent) {
    return add(record.time_ms, kind, agent);
  }
  boost::json::object& add(TimeMs time_ms, std::string_view kind, AgentId agent) {
    boost::json::object entry{{"time_ms", time_ms}, {"kind", kind}};
    if (agent) entry["agent"] = agent.value;
    return entries_.emplace_back(std::move(entry)).as_object();
  }

  void note(const Record& record, AgentId agent, std::uint32_t content, std::string_view field, std::string_view kind) {
    if (content == 0) return;
    auto row = store_.content(record.seq, static_cast<std::uint16_t>(content));
    boost::system::error_code error;
    const auto json = row ? boost::json::parse(*row, error) : boost::json::value();
    const auto* object = error ? nullptr : json.if_object();
    const auto* text = object ? object->if_contains(field) : nullptr;
    if (!text || !text->is_string() || text->get_string().empty()) return;
    add(record, kind, agent)["text"] = text->get_string();
    if (kind == "subject") subject_ = std::string(text->get_string());
  }

  template <class E>
  void on(const E&, const Record&) {}
  void on(const event::TicketOpened& e, const Record& record) {
    if (e.ticket != ticket_) return;
    status_ = e.reopened ? TicketStatus::kOpen : TicketStatus::kNew;
    add(record, e.reopened ? "reopened" : "opened", {});
  }
  void on(const event::TicketUpdated& e, const Record& record) {
    if (e.ticket != ticket_) return;
    if (e.status != status_) {
      status_ = e.status;
      const auto* update = std::get_if<command::UpdateTicket>(&record.command);
      add(record, "status", update ? update->agent : e.agent)["status"] = name(e.status);
    }
    note(record, e.agent, e.content, "subject", "subject");
    note(record, e.agent, e.content, "text", "note");
  }
  void on(const event::InteractionStarted& e, const Record& record) {
    if (e.ticket != ticket_) return;
    interactions_.push_back(e.interaction);
    add(record, "interaction", {})["interaction"] = e.interaction.value;
  }
  void on(const event::PastInteractionAdded& e, const Record&) {
    if (e.ticket != ticket_) return;
    add(e.started_ms, "opened", {});
    add(e.started_ms, "interaction", {})["interaction"] = e.interaction.value;
    add(e.started_ms + e.waited_ms + e.handled_ms, "status", e.agent)["status"] = name(e.ticket_status);
  }
  void on(const event::WrapUpCompleted& e, const Record& record) {
    const bool ours = std::find(interactions_.begin(), interactions_.end(), e.interaction) != interactions_.end();
    if (ours) note(record, e.agent, e.content, "text", "note");
  }

  const storage::Store& store_;
  TicketId ticket_;
  TicketStatus status_{};
  std::vector<InteractionId> interactions_;
  std::string subject_;
  boost::json::array entries_;
};

}  // namespace

net::Response Rest::ticket_response(TicketId ticket) const {
  auto details = context_.directory.ticket(ticket);
  if (!details) return records_unavailable().response();
  if (!*details) return unknown_ticket().response();
  TicketHistory history(context_.engine.store(), ticket);
  auto customer = context_.directory.customer((*details)->customer);
  if (!customer) return records_unavailable().response();
  history.read((*details)->customer);
  if (*customer) {
    for (const CustomerId merged : (*customer)->merged) history.read(merged);
  }
  if (!history.subject().empty()) (*details)->card.subject = history.subject();
  std::string out = "{";
  put_ticket_members(out, **details);
  out += ",\"history\":" + boost::json::serialize(history.sorted()) + '}';
  return net::Response::json(200, std::move(out));
}

void Rest::tickets(const CallPtr& call) {
  crm::TicketFilter filter;
  if (const auto status = call->query.find("status"); status && !status->empty()) {
    filter.status = status_of(*status);
    if (!filter.status) return call->refuse(bad_field("status", "must be one of new, open, pending, solved, closed"));
  }
  if (const auto queue = call->query.find("queue"); queue && !queue->empty()) {
    const auto number = parse_number(*queue);
    const engine::QueueInfo* info =
        number ? context_.center.queue(QueueId{static_cast<std::uint32_t>(*number)}) : context_.center.queue(*queue);
    if (!info) return call->refuse({404, "unknown_queue", "queue: there is no such queue", "queue"});
    filter.queue = info->id;
  }
  auto agent = query_number(call->query, "agent", 0);
  if (!agent) return call->refuse(agent.error());
  auto customer = query_number(call->query, "customer", 0);
  if (!customer) return call->refuse(customer.error());
  auto before = query_number(call->query, "before", 0);
  if (!before) return call->refuse(before.error());
  auto limit = query_number(call->query, "limit", kTicketsLimit);
  if (!limit) return call->refuse(limit.error());
  filter.agent = {static_cast<std::uint32_t>(*agent)};
  filter.customer = {*customer};
  filter.before_ms = *before;
  const auto count = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(*limit, 1, crm::Directory::kLimitMax - 1));
  filter.limit = count + 1;
  answer_from(questions_, call, [this, filter, count] {
    auto found = context_.directory.tickets(filter);
    if (!found) return records_unavailable().response();
    const bool more = found->size() > count;
    if (more) found->resize(count);
    std::string out = "{\"tickets\":[";
    for (std::size_t n = 0; n < found->size(); ++n) {
      out += n == 0 ? "{" : ",{";
      put_ticket_members(out, (*found)[n]);
      out += '}';
    }
    out += ']';
    if (more) out += ",\"next\":" + std::to_string(found->back().card.updated_ms);
    out += '}';
    return net::Response::json(200, std::move(out));
  });
}

void Rest::get_ticket(const CallPtr& call) {
  answer_from(questions_, call, [this, id = TicketId{call->number}] { return ticket_response(id); });
}

void Rest::change_ticket(const CallPtr& call) {
  auto body = parse_object(call->request.body);
  if (!body) return call->refuse(body.error());
  if (auto unknown = only_fields(*body, {"status", "subject", "queue", "priority", "note"})) {
    return call->refuse(*unknown);
  }
  if (body->empty())
    return call->refuse(bad_field("", "nothing to change: give status, subject, queue, priority or note"));
  command::UpdateTicket c;
  c.ticket = {call->number};
  c.agent = call->agent();
  auto status = text_field(*body, "status", 16);
  if (!status) return call->refuse(status.error());
  if (*status) {
    const auto known = status_of(**status);
    if (!known || known == TicketStatus::kNew) {
      return call->refuse(bad_field("status", "must be one of open, pending, solved, closed"));
    }
    c.status = *known;
  }
  auto queue = text_field(*body, "queue", 64);
  if (!queue) return call->refuse(queue.error());
  if (*queue) {
    const engine::QueueInfo* info = context_.center.queue(**queue);
    if (!info) return call->refuse({404, "unknown_queue", "queue: there is no such queue", "queue"});
    c.queue = info->id;
  }
  auto priority = integer_field(*body, "priority", -100, 100);
  if (!priority) return call->refuse(priority.error());
  c.set_priority = priority->has_value();
  c.priority = static_cast<std::int32_t>(priority->value_or(0));
  auto subject = text_field(*body, "subject", kSubjectBytesMax);
  if (!subject) return call->refuse(subject.error());
  if (*subject && (*subject)->empty()) return call->refuse(bad_field("subject", "must not be empty"));
  auto note = text_field(*body, "note", kNoteBytesMax);
  if (!note) return call->refuse(note.error());
  std::vector<std::string> contents;
  boost::json::object words;
  if (*subject) words["subject"] = **subject;
  if (*note) words["text"] = **note;
  if (!words.empty()) {
    contents.push_back(boost::json::serialize(words));
    c.content = 1;
  }
  submit(call, c, std::move(contents), [this, call](const engine::Answer& answer) {
    when_projected(answer.seq, [this, call] {
      answer_from(questions_, call, [this, id = TicketId{call->number}] { return ticket_response(id); });
    });
  });
}

}  // namespace sb::console
