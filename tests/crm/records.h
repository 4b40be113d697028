#pragma once
// Hand-made journal records with their contents, for tests of what follows the journal.
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "crm/identity.h"
#include "crm/projection.h"
#include "proto/record.h"

namespace sb::crm {

inline const PhoneRules kChina{"86"};

class Journal {
 public:
  // Appends a record with one event more or fewer; `contents` become its content rows 1, 2, ...
  Seq add(TimeMs time_ms, std::vector<Event> events, std::vector<std::string> contents = {}) {
    Record record;
    record.seq = records_.size() + 1;
    record.time_ms = time_ms;
    record.command = command::FireDeadlines{};
    record.events = std::move(events);
    record.contents = static_cast<std::uint32_t>(contents.size());
    for (std::uint32_t i = 0; i < contents.size(); ++i) rows_[{record.seq, i + 1}] = std::move(contents[i]);
    records_.push_back(std::move(record));
    return records_.back().seq;
  }
  void erase(Seq seq, std::uint32_t index) { rows_.erase({seq, index}); }

  [[nodiscard]] const std::vector<Record>& records() const { return records_; }
  [[nodiscard]] ContentReader reader() const {
    return [this](Seq seq, std::uint32_t index) -> std::optional<std::string> {
      const auto found = rows_.find({seq, index});
      if (found == rows_.end()) return std::nullopt;
      return found->second;
    };
  }

 private:
  std::vector<Record> records_;
  std::map<std::pair<Seq, std::uint32_t>, std::string> rows_;
};

}  // namespace sb::crm
