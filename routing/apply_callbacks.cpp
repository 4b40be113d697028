#include "routing/applier.h"

namespace sb::routing {

void Applier::on(const event::CallbackRequested&) {}
void Applier::on(const event::CallbackStarted&) {}
void Applier::on(const event::CustomerReached&) {}
void Applier::on(const event::CustomerMissed&) {}

}  // namespace sb::routing
