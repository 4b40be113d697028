#include "routing/decider.h"

// Calling customers back instead of letting them wait on the line.
namespace sb::routing {

Decision Decider::on(const command::RequestCallback&) {
  return {Rejection::kInvalidArgument};
}
Decision Decider::on(const command::ReachCustomer&) {
  return {Rejection::kInvalidArgument};
}
Decision Decider::on(const command::MissCustomer&) {
  return {Rejection::kInvalidArgument};
}

}  // namespace sb::routing
