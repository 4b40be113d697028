#include "engine/arrival_labels.h"

#include "routing/flow.h"

namespace sb::engine {

void add_label(std::vector<std::string>& labels, std::string_view kind, std::string_view text) {
  const bool fits = kind.size() + 1 + text.size() <= routing::kLabelBytesMax && labels.size() < routing::kLabelsMax;
  if (fits && !text.empty()) labels.push_back(std::string(kind) + ":" + std::string(text));
}

void add_customer_labels(std::vector<std::string>& labels, const crm::IdentityMatch& match) {
  if (labels.size() < routing::kLabelsMax) labels.emplace_back(routing::kKnownCustomerLabel);
  for (const std::string& tag : match.tags) add_label(labels, "tag", tag);
}

}  // namespace sb::engine
