#include "console/rest.h"
#include "crm/csv_import.h"

// Customer lists in CSV: every row a command of its own, a few hundred under way at a time.
namespace sb::console {

namespace {
constexpr std::size_t kUnderWayMax = 512;
constexpr std::chrono::milliseconds kBusyPause{20};
}  // namespace

struct Rest::Import {
  struct Row {
    CustomerId customer;  // 0: nobody has one of the addresses yet
    crm::ImportRow row;
  };
  CallPtr call;
  std::vector<Row> rows;
  std::vector<crm::CsvError> skipped;
  std::vector<std::string> ignored_columns;
  std::string key;
  std::size_t next = 0;
  std::size_t under_way = 0;
  std::size_t created = 0;
  std::size_t updated = 0;
  std::uint64_t known_before = 0;  // customers there were when it began
  Seq last = 0;
  net::Timer pause;

  [[nodiscard]] std::string json() const {
    boost::json::array lines;
    for (const auto& s : skipped) lines.push_back({{"line", s.line}, {"reason", s.reason}});
    boost::json::object out{{"created", created}, {"updated", updated}, {"skipped", std::move(lines)}};
    if (!ignored_columns.empty()) out["ignored_columns"] = boost::json::value_from(ignored_columns);
    return boost::json::serialize(out);
  }
};

void Rest::import_customers(const CallPtr& call) {
  using Found = std::shared_ptr<Import>;
  prepare<Found>(
      replays_, call,
      [this, call]() -> Result<Found> {
        auto read = crm::read_import(call->request.body, phone_rules(), context_.center.knows_time_zone);
        if (!read) {
          return std::unexpected(
              bad_field("", "line " + std::to_string(read.error().line) + ": " + std::string(read.error().reason)));
        }
        auto import = std::make_shared<Import>();
        import->call = call;
        import->skipped = std::move(read->skipped);
        import->ignored_columns = std::move(read->ignored_columns);
        import->key = call->idempotency_key();
        import->rows.reserve(read->rows.size());
        for (auto& row : read->rows) {
          CustomerId known;
          for (const auto& contact : row.profile.contacts) {
            auto match = context_.directory.find_by_identity(context_.hasher.hash(contact.address));
            if (!match) return std::unexpected(records_unavailable());
            if (*match && !known) known = (*match)->customer;
          }
          import->rows.push_back({known, std::move(row)});
        }
        return import;
      },
      [this](const Found& import) {
        import->known_before = context_.engine.view().counters.customer;
        continue_import(import);
      });
}

void Rest::continue_import(const std::shared_ptr<Import>& import) {
  while (import->next < import->rows.size() && import->under_way < kUnderWayMax) {
    const Import::Row& row = import->rows[import->next];
    engine::Submission s;
    s.command = command::PutCustomer{row.customer, crm::identities_of(row.row.profile, context_.hasher), 1};
    s.source = Source::kImport;
    s.contents.push_back(crm::to_json(row.row.profile));
    if (!import->key.empty()) s.key = import->key + '#' + std::to_string(row.row.line);
    s.done = [this, import, line = row.row.line](const engine::Answer& answer) {
      --import->under_way;
      import->last = std::max(import->last, answer.seq);
      if (answer.rejection != Rejection::kNone) {
        import->skipped.push_back({line, std::string(refused(answer.rejection).message)});
      } else {
        ++(answer.result > import->known_before ? import->created : import->updated);
      }
      continue_import(import);
    };
    if (!context_.submit(std::move(s))) {
      import->pause = context_.io.after(0, kBusyPause, [this, import] { continue_import(import); });
      return;
    }
    ++import->next;
    ++import->under_way;
  }
  if (import->under_way > 0 || import->next < import->rows.size()) return;
  when_projected(import->last, [import] { import->call->answer(200, import->json()); });
}

}  // namespace sb::console
