#include "routing/decider.h"

namespace sb::routing {

Decision Decider::on(const command::PutFlow&) {
  return {Rejection::kInvalidArgument};
}

}  // namespace sb::routing
