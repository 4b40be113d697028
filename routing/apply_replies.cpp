#include "routing/applier.h"

namespace sb::routing {

void Applier::on(const event::InteractionParked&) {}
void Applier::on(const event::InteractionUnparked&) {}

}  // namespace sb::routing
