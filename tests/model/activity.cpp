#include "tests/model/activity.h"

#include "tests/script/vocabulary.h"

namespace sb::model {

namespace {

std::string numbered(char letter, std::uint64_t n) {
  return letter + std::to_string(n);
}
std::string name_of(AgentId id) {
  return id ? numbered('a', id.value) : "none";
}
std::string name_of(const Work* w) {
  return w ? numbered('i', w->id.value) : "#9999";
}

// Mostly something that fits, now and then anything at all.
template <class Fits>
const Work* pick(const Naive& naive, std::uint8_t which, std::uint8_t luck, Fits&& fits) {
  std::vector<const Work*> all;
  for (const Work& w : naive.work()) {
    if (luck % 8 == 0 || fits(w)) all.push_back(&w);
  }
  return all.empty() ? nullptr : all[which % all.size()];
}
std::string anybody(std::uint8_t which) {
  return which % 23 == 22 ? "none" : numbered('a', 1 + which % 5);
}
std::string needs(std::uint8_t b, std::uint8_t c) {
  if (b % 3 == 0) return "";
  const std::string level = std::to_string(1 + c % 4 * 30);
  return b % 7 == 0 ? " needs=s1:" + level + ",s2:20" : " needs=" + numbered('s', 1 + c % 3) + ":" + level;
}

std::string start(const Op& op, const Naive& naive) {
  static constexpr std::string_view kChannels[] = {"chat", "chat", "phone", "phone", "email", "message"};
  std::string line = "Start " + numbered('i', naive.started() + 1) + " " + std::string(kChannels[op.a % 6]);
  if (op.a % 13 != 0) line += " queue=" + numbered('q', 1 + op.b % 3) + needs(op.b, op.c);
  if (op.c % 5 == 0) line += " priority=" + std::to_string(op.b % 7 - 3);
  if (op.c % 31 == 7) line += " only=" + numbered('a', 1 + op.b % 5);
  if (op.c % 41 == 9) line += " out_of_hours=yes";
  if (op.b % 4 == 0) line += " content=1";
  return line;
}

std::string agent_line(const Op& op) {
  std::string line = "agent " + numbered('a', 1 + op.a % 5);
  line += " skills=s1:" + std::to_string(10 + op.b % 91) + (op.b % 2 == 0 ? ",s2:50" : "") +
          (op.c % 2 == 0 ? ",s3:70" : "");
  static constexpr std::string_view kQueues[] = {"q1", "q1,q2", "q1,q2,q3", "q2,q3", "none"};
  line += " queues=" + std::string(kQueues[op.c % 5]);
  static constexpr std::string_view kCapacities[] = {"phone:1,chat:2", "chat:3,email:2,message:1", "phone:1,email:1",
                                                     "phone:1,chat:1,email:1,message:1", "none"};
  return line + " capacity=" + std::string(kCapacities[(op.a / 5 + op.b) % 5]);
}

std::string queue_line(const Op& op) {
  std::string line = "queue " + numbered('q', 1 + op.a % 3);
  switch (op.b % 5) {
    case 0:
      return line + (op.c % 3 == 0 ? " open=no" : " open=yes");
    case 1:
      return line + " avoid=" + std::to_string(op.c % 3 * 20) + "s";
    case 2:
      return line + " auto_accept=" + (op.c % 4 == 0 ? "yes" : "no");
    case 3:
      return line + " wrap_up=" + std::to_string(op.c % 4 * 7) + "s";
    default:
      return line + " max_waiting=" + std::to_string(op.c % 4 * 2);
  }
}

std::string transfer_line(const Op& op, const Naive& naive) {
  const Work* w = pick(naive, op.a, op.b, [](const Work& i) { return i.stage == Stage::kActive && !i.warm; });
  std::string line = "Transfer " + (w && op.c % 16 != 0 ? name_of(w->agent) : anybody(op.c)) + " " + name_of(w);
  line += op.b % 2 == 0 ? " blind" : " warm";
  if (op.c % 3 == 0) return line + " to=" + numbered('a', 1 + op.b % 5);
  return line + " queue=" + numbered('q', 1 + op.c % 3) + (op.c % 5 == 0 ? needs(op.b, op.c) : "");
}

std::string wrap_up_line(const Op& op, const Naive& naive) {
  std::vector<std::string> all;
  for (const Agent& a : naive.agents()) {
    for (const WrapUp& w : a.wrap_ups) all.push_back(name_of(a.id) + " " + numbered('i', w.interaction.value));
  }
  if (all.empty()) return "WrapUp " + anybody(op.a) + " #7";
  return "WrapUp " + all[op.a % all.size()] + (op.b % 2 == 0 ? " status=solved" : "");
}

std::string sign_in_line(const Op& op, const Naive& naive) {
  const Agent& a = naive.agents()[op.a % naive.agents().size()];
  const std::string same = " session=" + std::to_string(std::max<std::uint64_t>(a.session, 1));
  return "SignIn " + name_of(a.id) + (op.b % 5 == 0 ? " session=" + std::to_string(1 + op.c) : same) +
         (op.b % 11 == 0 ? " presence=away" : "");
}

// Whoever has it, or somebody else.
std::string holder(const Op& op, const Work* w, bool consultant) {
  if (!w || op.c % 16 == 0) return anybody(op.c);
  return name_of(consultant && w->consultant ? w->consultant : w->agent);
}

}  // namespace

rc::Gen<std::vector<Op>> ops() {
  const auto byte = [] { return rc::gen::cast<std::uint8_t>(rc::gen::inRange(0, 256)); };
  const auto pause = rc::gen::weightedOneOf<std::uint16_t>({{6, rc::gen::inRange<std::uint16_t>(0, 1500)},
                                                            {3, rc::gen::just<std::uint16_t>(0)},
                                                            {2, rc::gen::inRange<std::uint16_t>(0, 25'000)}});
  const auto op =
      rc::gen::build<Op>(rc::gen::set(&Op::kind, byte()), rc::gen::set(&Op::a, byte()), rc::gen::set(&Op::b, byte()),
                         rc::gen::set(&Op::c, byte()), rc::gen::set(&Op::pause, pause));
  return rc::gen::scale(4.0, rc::gen::container<std::vector<Op>>(rc::gen::resize(100, op)));
}

std::vector<std::string> setting() {
  return {"skill s1",
          "skill s2",
          "skill s3",
          "center agent_grace=15s customer_grace=20s",
          "queue q1 policy=longest_idle offer_timeout=20s wrap_up=10s avoid=30s",
          "queue q2 policy=best_proficiency offer_timeout=8s avoid=0",
          "queue q3 policy=least_occupied offer_timeout=15s wrap_up=3s avoid=20s max_waiting=5 priority_step=5s",
          "agent a1 skills=s1:90,s2:20 queues=q1,q2 capacity=phone:1,chat:2",
          "agent a2 skills=s1:50,s3:60 queues=q1,q3 capacity=chat:3,email:2,message:1",
          "agent a3 skills=s2:80 queues=q1,q2,q3 capacity=phone:1,chat:1,email:1",
          "agent a4 skills=s1:30,s2:30,s3:30 queues=q2,q3 capacity=phone:1,chat:2,message:2",
          "agent a5 queues=q1 capacity=phone:1"};
}

std::string line_of(const Op& op, const Naive& naive) {
  const auto offered = [](const Work& w) { return static_cast<bool>(w.asked); };
  const auto held = [](const Work& w) { return static_cast<bool>(w.agent); };
  const auto warm = [](const Work& w) { return w.warm; };
  const auto connecting = [](const Work& w) { return w.stage == Stage::kConnecting; };
  const auto any = [](const Work&) { return true; };
  const std::uint8_t k = op.kind % 100;
  if (k < 20) return start(op, naive);
  if (k < 28) return sign_in_line(op, naive);
  if (k < 42) {
    const Work* w = pick(naive, op.a, op.b, offered);
    return "Accept " + (w && w->asked && op.c % 16 != 0 ? name_of(w->asked) : anybody(op.c)) + " " + name_of(w);
  }
  if (k < 47) {
    const Work* w = pick(naive, op.a, op.b, offered);
    return "Decline " + (w && w->asked && op.c % 16 != 0 ? name_of(w->asked) : anybody(op.c)) + " " + name_of(w);
  }
  if (k < 52) return "Presence " + numbered('a', 1 + op.a % 5) + (op.b % 3 == 0 ? " away" : " available");
  if (k < 60) {
    const Work* w = pick(naive, op.a, op.b, any);
    static constexpr std::string_view kBy[] = {"customer", "customer", "system"};
    return "End " + name_of(w) + " by=" + (op.c % 2 == 0 ? holder(op, w, false) : std::string(kBy[op.c % 3]));
  }
  if (k < 65) {
    const Work* w = pick(naive, op.a, op.b, connecting);
    return "Connect " + holder(op, w, false) + " " + name_of(w);
  }
  if (k < 67) {
    const Work* w = pick(naive, op.a, op.b, op.c % 2 == 0 ? +connecting : +warm);
    return "FailConnection " + holder(op, w, true) + " " + name_of(w);
  }
  if (k < 70 || k == 99) {
    const Agent& a = naive.agents()[op.a % naive.agents().size()];
    const std::uint64_t session = op.b % 8 == 0 ? 1 + op.c : a.session;
    return (k == 99 ? "SignOut " : "LoseConnection ") + name_of(a.id) + " session=" + std::to_string(session);
  }
  if (k < 78) return transfer_line(op, naive);
  if (k < 82) {
    const Work* w = pick(naive, op.a, op.b, [](const Work& i) { return static_cast<bool>(i.consultant); });
    return "CompleteTransfer " + holder(op, w, false) + " " + name_of(w);
  }
  if (k < 84) {
    const Work* w = pick(naive, op.a, op.b, warm);
    return "CancelTransfer " + holder(op, w, op.c % 2 == 0) + " " + name_of(w);
  }
  if (k < 87) return wrap_up_line(op, naive);
  if (k < 89) return agent_line(op);
  if (k < 90) return queue_line(op);
  const Work* w = pick(naive, op.a, op.b, held);
  switch (k) {
    case 90:
      return "Post " + name_of(w) + " by=" + (op.c % 2 == 0 ? holder(op, w, true) : "customer");
    case 91:
      return "Hold " + holder(op, w, false) + " " + name_of(w);
    case 92:
      return "Resume " + holder(op, w, false) + " " + name_of(w);
    case 93:
      return "LoseCustomer " + name_of(pick(naive, op.a, op.b, any));
    case 94:
      return "RestoreCustomer " + name_of(pick(naive, op.a, op.b, [](const Work& i) { return i.grace_until != 0; }));
    case 95:
    case 96: {
      const Work* talking = pick(naive, op.a, op.b, [](const Work& i) { return i.stage == Stage::kDialogue; });
      return "Enqueue " + name_of(talking) + " queue=" + numbered('q', 1 + op.c % 3) + needs(op.b, op.c);
    }
    case 97:
      return "restart";
    default:
      return "SignOut " + numbered('a', 1 + op.a % 5);
  }
}

}  // namespace sb::model
