#include "routing/applier.h"

namespace sb::routing {

void Applier::on(const event::FlowPut&) {}
void Applier::on(const event::FlowApplied&) {}

}  // namespace sb::routing
