#include "routing/applier.h"

namespace sb::routing {

void Applier::on(const event::TransferStarted& e) {
  Interaction& i = interaction(e.interaction);
  state.set_reply(i, 0);
  if (e.kind == TransferKind::kWarm) i.transfer = TransferKind::kWarm;
  if (e.kind == TransferKind::kBlind) i.avoided.edit().let_go = e.agent;
}

void Applier::on(const event::TransferCompleted& e) {
  Interaction& i = interaction(e.interaction);
  release(e.agent, i);
  i.agent = e.target;
  i.soft = i.consult_soft;
  i.consultant = {};
  i.transfer = TransferKind::kNone;
  i.home.clear();
  i.held = false;
  i.ring = 0;
  i.joined_ms = 0;  // the queue it belongs to now it never waited in
  if (Ticket* ticket = state.tickets.find(i.ticket)) ticket->agent = e.target;
}

void Applier::on(const event::TransferCancelled& e) {
  Interaction& i = interaction(e.interaction);
  if (i.waiting) state.leave_waiting(i);
  if (i.consultant) release(i.consultant, i);
  end_consultation(i);
}

void Applier::end_consultation(Interaction& i) {
  i.consultant = {};
  i.consult = false;
  if (i.home) {
    i.queue = i.home->queue;
    i.requirement = i.home->requirement;
    i.home.clear();
  }
  i.transfer = TransferKind::kNone;
  state.set_avoid(i, {}, 0);
}

}  // namespace sb::routing
