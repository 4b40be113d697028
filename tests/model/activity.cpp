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

// As many throws as a line needs, all from the numbers of its op; zeros throw zeros, so that a shrunk op is a plain
// one.
class Dice {
 public:
  explicit Dice(const Op& op)
      : at_(std::uint64_t{op.a} | std::uint64_t{op.b} << 8 | std::uint64_t{op.c} << 16 |
            std::uint64_t{static_cast<std::uint8_t>(op.kind / 100)} << 24) {}
  // 0 to sides - 1.
  std::uint64_t roll(std::uint64_t sides) {
    at_ *= 0x9E3779B97F4A7C15u;
    at_ ^= at_ >> 29;
    return (at_ >> 7) % sides;
  }
  bool one_in(std::uint64_t sides) { return roll(sides) == sides - 1; }
  template <class T, std::size_t N>
  T of(const T (&all)[N]) {
    return all[roll(N)];
  }

 private:
  std::uint64_t at_;
};

constexpr std::uint64_t kAgents = 5;
constexpr std::uint64_t kQueues = 4;
constexpr std::uint64_t kSkills = 3;

// Several of what there is, each once.
std::string some(Dice& dice, char letter, std::uint64_t count, char separator, bool levels) {
  std::string all;
  for (std::uint64_t n = 1; n <= count; ++n) {
    if (!dice.one_in(2)) continue;
    if (!all.empty()) all += separator;
    all += numbered(letter, n) + (levels ? ":" + std::to_string(1 + dice.roll(4) * 30) : "");
  }
  return all;
}

std::string needs(Dice& dice) {
  std::string line;
  const auto add = [&](const std::string& key, const std::string& value) {
    if (!value.empty()) line += " " + key + "=" + value;
  };
  if (dice.one_in(2)) add("needs", some(dice, 's', kSkills, ',', true));
  if (dice.one_in(4)) {
    const std::string one = some(dice, 's', kSkills, ',', true);
    const std::string two = dice.one_in(3) ? some(dice, 's', kSkills, ',', true) : "";
    add("any", one.empty() || two.empty() ? one + two : one + ";" + two);
  }
  if (dice.one_in(4)) add("prefers", some(dice, 's', kSkills, ',', false));
  if (dice.one_in(5)) add("without", some(dice, 'a', kAgents, ',', false));
  return line;
}
std::string preferred(Dice& dice) {
  return dice.one_in(3) ? " preferred=" + numbered('a', 1 + dice.roll(kAgents)) : "";
}
std::string some_queue(Dice& dice) {
  return " queue=" + numbered('q', 1 + dice.roll(kQueues));
}

std::string language(Dice& dice) {
  static constexpr std::string_view kLanguages[] = {"zh-CN", "zh", "en", "zhx"};
  return dice.one_in(3) ? " language=" + std::string(dice.of(kLanguages)) : "";
}
std::string labels(Dice& dice) {
  static constexpr std::string_view kLabels[] = {"vip", "order_open", "order_open,vip", "known_customer", "ivr:1,vip"};
  return dice.one_in(2) ? " labels=" + std::string(dice.of(kLabels)) : "";
}

std::string condition(Dice& dice) {
  static constexpr std::string_view kPlain[] = {"channel:chat",
                                                "channel!chat|phone",
                                                "channel:email|message",
                                                "language:zh",
                                                "language!zh|en",
                                                "queue:q1",
                                                "queue:q2|q3",
                                                "queue!q4",
                                                "tier>=61",
                                                "tier<=61",
                                                "tier:0",
                                                "tier!1",
                                                "priority>=1",
                                                "priority<=-1",
                                                "known_customer:yes",
                                                "known_customer:no",
                                                "label:vip",
                                                "label!order_open",
                                                "label:order_open|ivr:1",
                                                "minute_of_day:22:00-22:14",
                                                "minute_of_day:22:15-03:00|03:10-03:20",
                                                "minute_of_day!22:14-22:16",
                                                "weekday:tue",
                                                "weekday:wed|thu",
                                                "weekday!tue"};
  static constexpr std::string_view kOfQueues[] = {"waiting",     "waiting",          "longest_wait_s",
                                                   "free_agents", "signed_in_agents", "queue_open"};
  if (!dice.one_in(2)) return std::string(dice.of(kPlain));
  const std::string field(dice.of(kOfQueues));
  static constexpr std::string_view kTests[] = {">=", "<=", ":", "!"};
  const std::string test = field == "queue_open" ? (dice.one_in(2) ? ":no" : ":yes")
                                                 : std::string(dice.of(kTests)) + std::to_string(dice.roll(4));
  return field + test + (dice.one_in(2) ? "@" + numbered('q', 1 + dice.roll(kQueues)) : "");
}

std::string conditions(Dice& dice, std::uint64_t at_most) {
  std::string all;
  for (std::uint64_t left = dice.roll(at_most + 1); left > 0; --left) all += (all.empty() ? "" : ";") + condition(dice);
  return all;
}

std::string flow_line(const Op& op) {
  Dice dice(op);
  if (dice.one_in(12)) return "flow none";
  std::string line = "flow " + numbered('r', 1 + dice.roll(5));
  if (const std::string all = conditions(dice, 2); !all.empty()) line += " all=" + all;
  if (const std::string any = conditions(dice, 3); !any.empty()) line += " any=" + any;
  std::string then;
  const auto add = [&](const std::string& what) { then += (then.empty() ? "" : ";") + what; };
  const auto list = [&](const std::string& what, const std::string& of) {
    if (!of.empty()) add(what + ":" + of);
  };
  if (dice.one_in(2)) add("queue:" + numbered('q', 1 + dice.roll(kQueues)));
  if (dice.one_in(3)) list("require", some(dice, 's', kSkills, ',', true));
  if (dice.one_in(4)) list("require_any", some(dice, 's', kSkills, ',', true));
  if (dice.one_in(4)) list("prefer", some(dice, 's', kSkills, ',', false));
  if (dice.one_in(4)) list("exclude", some(dice, 'a', kAgents, ',', false));
  if (dice.one_in(3)) add("priority:" + std::to_string(static_cast<int>(dice.roll(201)) - 100));
  if (dice.one_in(4)) add(dice.one_in(2) ? "language:zh-TW" : "language:en");
  if (dice.one_in(10)) add("out_of_hours");
  if (dice.one_in(2)) add("go_on");
  if (!then.empty()) line += " then=" + then;
  if (dice.one_in(4)) line += " east=" + std::to_string(dice.roll(3)) + "m";
  if (dice.one_in(9)) line += " version=" + std::to_string(dice.roll(4));
  return line;
}

// How often, when at the earliest and within which hours a customer is called; now and then what may not be.
std::string terms(Dice& dice, TimeMs since_start) {
  std::string line = " attempts=" + std::to_string(dice.one_in(29) ? 11 : 1 + dice.roll(3));
  line += " retry=" + std::to_string(1 + dice.roll(3) * 6) + "s";
  const auto moment = [&](std::uint64_t ms) { return std::to_string(since_start + ms) + "ms"; };
  if (dice.one_in(3)) line += " at=" + moment(dice.roll(4) * 4000);
  if (dice.one_in(3)) {
    const std::uint64_t from = dice.roll(3) * 3000;
    line += " hours=" + moment(from) + "-" + moment(from + 4000);
    if (!dice.one_in(3)) line += "," + moment(from + 9000) + "-" + moment(from + 24'000);
  }
  return line;
}

std::string start(const Op& op, const Naive& naive, TimeMs since_start) {
  static constexpr std::string_view kChannels[] = {"chat", "chat", "phone", "phone", "email", "message"};
  Dice dice(op);
  std::string line = "Start " + numbered('i', naive.started() + 1) + " " + std::string(dice.of(kChannels));
  if (!dice.one_in(13)) line += some_queue(dice) + needs(dice);
  if (dice.one_in(12)) {
    line += " callback=" + std::string(dice.one_in(2) ? "agent_first" : "customer_first");
    line += terms(dice, since_start);
  }
  line += preferred(dice);
  if (dice.one_in(5)) line += " priority=" + std::to_string(static_cast<int>(dice.roll(7)) - 3);
  if (dice.one_in(5)) line += " tier=" + std::to_string(1 + dice.roll(3) * 60);
  if (dice.one_in(31)) line += " only=" + numbered('a', 1 + dice.roll(kAgents));
  if (dice.one_in(41)) line += " out_of_hours=yes";
  if (dice.one_in(4)) line += " content=1";
  return line + language(dice) + labels(dice);
}

std::string agent_line(const Op& op) {
  std::string line = "agent " + numbered('a', 1 + op.a % 5);
  line += " skills=s1:" + std::to_string(10 + op.b % 91) + (op.b % 2 == 0 ? ",s2:50" : "") +
          (op.c % 2 == 0 ? ",s3:70" : "");
  Dice dice(op);
  const std::string queues = some(dice, 'q', kQueues, ',', false);
  line += " queues=" + (queues.empty() ? "none" : queues) + " units=" + std::to_string(dice.roll(4) * 2);
  static constexpr std::string_view kCapacities[] = {"phone:1,chat:2", "chat:3,email:2,message:1", "phone:1,email:1",
                                                     "phone:1,chat:1,email:1,message:1", "none"};
  return line + " capacity=" + std::string(kCapacities[(op.a / 5 + op.b) % 5]);
}

std::string relaxation(Dice& dice, std::uint64_t of_queue) {
  std::string steps;
  std::uint64_t after = 0;
  for (std::uint64_t left = dice.roll(5); left > 0; --left) {
    after += dice.roll(after == 0 ? 7 : 4) * 1500;  // also two at once
    steps += (steps.empty() ? "" : ",") + std::to_string(1000 + after) + "ms:";
    const std::string skill = dice.one_in(2) ? ":" + numbered('s', 1 + dice.roll(kSkills)) : "";
    switch (dice.roll(10)) {
      case 0:
      case 1:
        steps += "lower_levels" + skill + ":" + std::to_string(10 + dice.roll(4) * 30);
        break;
      case 2:
      case 3:
        steps += "drop_skill" + skill;
        break;
      case 4:
        steps += "raise_priority:" + std::to_string(1 + dice.roll(3) * 49);
        break;
      case 5:
        steps += "offer_callback";
        break;
      case 6:
        steps += "end";
        break;
      case 7:
        steps += "widen:s1:" + numbered('s', 2 + dice.roll(2));
        break;
      default:
        steps += "overflow:" + numbered('q', 1 + (of_queue + dice.roll(kQueues - 1)) % kQueues);
    }
  }
  return steps.empty() ? "none" : steps;
}

std::string queue_line(const Op& op) {
  Dice dice(op);
  const std::uint64_t which = 1 + op.a % kQueues;
  const auto yes = [&](std::uint64_t sides) { return dice.one_in(sides) ? "yes" : "no"; };
  const auto seconds = [&](std::uint64_t sides, std::uint64_t step) {
    return std::to_string(dice.roll(sides) * step) + "s";
  };
  const auto words = [&]() -> std::string {
    switch (op.b % 25) {
      case 0:
        return std::string("open=") + (dice.one_in(3) ? "no" : "yes");
      case 1:
        return "avoid=" + seconds(3, 20);
      case 2:
        return std::string("auto_accept=") + yes(4);
      case 3:
        return "wrap_up=" + seconds(4, 7);
      case 4:
        return "max_waiting=" + std::to_string(dice.roll(4) * 2);
      case 5:
        return "policy=" + std::string(name(static_cast<Policy>(dice.roll(kPolicyNames.size()))));
      case 6:
      case 7:
        return "order=" + std::string(name(static_cast<Order>(dice.roll(kOrderNames.size()))));
      case 8:
        return "level=" + std::to_string(static_cast<int>(dice.roll(4)) - 1);
      case 9:
        return "tier_step=" + seconds(3, 15) + " priority_step=" + seconds(3, 10);
      case 10:
        return "target=" + seconds(4, 10);
      case 11:
        return "weight=" + std::to_string(dice.roll(4));
      case 12:
        return std::string("no_waiting=") + yes(3);
      case 13:
        return "preferred=" + seconds(4, 5);
      case 14:
        return std::string("may_pull=") + yes(2);
      case 15:
      case 16:
        return "broadcast=" + std::to_string(dice.roll(4));
      case 17: {
        const std::string groups = some(dice, 's', kSkills, ',', false);
        return "groups=" + (groups.empty() ? "none" : groups);
      }
      case 18:
      case 19:
        return std::string("interruptible=") + yes(2);
      case 20:
        return "wrap_ups=" + std::string(dice.one_in(3) ? "none" : "chat:" + seconds(3, 6) + ",phone:" + seconds(2, 9));
      case 21:
      case 22:
        return "reply=" + seconds(4, 4);
      default:
        return "relax=" + relaxation(dice, which);
    }
  };
  return "queue " + numbered('q', which) + " " + words();
}

std::string center_line(const Op& op) {
  Dice dice(op);
  std::string line = "center agent_grace=15s customer_grace=20s";
  line += " misses_max=" + std::to_string(dice.roll(4)) + " rest=" + std::to_string(dice.roll(3) * 9) + "s";
  if (dice.one_in(4)) return line;
  const auto weight = [&](std::string_view channel) {
    return std::string(channel) + ":" + std::to_string(dice.roll(4));
  };
  return line + " weights=" + weight("phone") + "," + weight("chat") + "," + weight("email") + "," + weight("message");
}

std::string transfer_line(const Op& op, const Naive& naive) {
  const Work* w = pick(naive, op.a, op.b, [](const Work& i) { return i.stage == Stage::kActive && !i.warm; });
  std::string line = "Transfer " + (w && op.c % 16 != 0 ? name_of(w->agent) : anybody(op.c)) + " " + name_of(w);
  line += op.b % 2 == 0 ? " blind" : " warm";
  Dice dice(op);
  if (op.c % 3 == 0) return line + " to=" + numbered('a', 1 + dice.roll(kAgents));
  return line + some_queue(dice) + needs(dice);
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

// What waits where it may be picked, mostly.
std::string pull_line(const Op& op, const Naive& naive) {
  const Work* w = pick(naive, op.a, op.b, [](const Work& i) { return i.waiting; });
  return "Pull " + anybody(op.c) + " " + name_of(w);
}

// Mostly what may be asked for; now and then what may not.
std::string callback_line(const Op& op, const Naive& naive, TimeMs since_start) {
  const Work* w = pick(naive, op.a, op.b, [](const Work& i) {
    return i.channel == Channel::kPhone && (i.stage == Stage::kQueued || i.stage == Stage::kDialogue);
  });
  Dice dice(op);
  std::string line = "Callback " + name_of(w) + (dice.one_in(2) ? " customer_first" : " agent_first");
  line += terms(dice, since_start);
  const bool needs_queue = w && w->stage == Stage::kDialogue;
  if (needs_queue != dice.one_in(5)) line += some_queue(dice) + needs(dice);
  return line;
}

// Whoever has it, or somebody else.
std::string holder(const Op& op, const Work* w, bool consultant) {
  if (!w || op.c % 16 == 0) return anybody(op.c);
  return name_of(consultant && w->consultant ? w->consultant : w->agent);
}

// What the people in a conversation do about it, and about somebody outside.
std::string conference_line(const Op& op, Dice& dice, const Naive& naive) {
  const auto crowded = [](const Work& w) { return !w.participants.empty(); };
  const auto consulting = [](const Work& w) { return static_cast<bool>(w.consultant); };
  const auto call = [](const Work& w) { return w.channel == Channel::kPhone && w.stage == Stage::kActive; };
  const auto with_outside = [](const Work& w) { return w.outside != OutsideState::kNone; };
  switch (dice.roll(8)) {
    case 0:
    case 1:
    case 2: {
      const Work* w = pick(naive, op.a, op.b, consulting);
      return "Conference " + holder(op, w, false) + " " + name_of(w);
    }
    case 3:
    case 4: {
      const Work* w = pick(naive, op.a, op.b, crowded);
      if (!w || w->participants.empty() || dice.one_in(12)) {
        return "Leave " + anybody(op.c) + " " + name_of(w) + " " + anybody(static_cast<std::uint8_t>(dice.roll(256)));
      }
      const std::string who =
          dice.one_in(3) ? name_of(w->agent) : name_of(w->participants[dice.roll(w->participants.size())].agent);
      return "Leave " + (dice.one_in(2) ? holder(op, w, false) : who) + " " + name_of(w) + " " + who;
    }
    case 5: {
      const Work* w = pick(naive, op.a, op.b, call);
      return "InviteOutside " + holder(op, w, false) + " " + name_of(w) + (dice.one_in(11) ? " content=0" : "");
    }
    case 6:
      return "JoinOutside " + name_of(pick(naive, op.a, op.b, with_outside));
    default: {
      const Work* w = pick(naive, op.a, op.b, with_outside);
      return "DropOutside " + (dice.one_in(2) ? "none" : holder(op, w, false)) + " " + name_of(w) + " reason=busy";
    }
  }
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
          "queue q1 policy=longest_idle offer_timeout=20s wrap_up=10s avoid=30s tier_step=20s preferred=8s",
          "queue q2 policy=best_proficiency offer_timeout=8s avoid=0 may_pull=yes order=least_slack target=20s level=1",
          "queue q3 policy=least_occupied offer_timeout=15s wrap_up=3s avoid=20s max_waiting=5 priority_step=5s",
          "queue q4 policy=round_robin offer_timeout=10s avoid=10s order=fair_share weight=2 may_pull=yes",
          "queue q1 relax=3s:lower_levels:20,6s:drop_skill:s1,12s:overflow:q2",
          "queue q2 relax=5s:raise_priority:3,9s:offer_callback,9s:lower_levels:s2:50,25s:end",
          "agent a1 skills=s1:90,s2:20 queues=q1,q2,q4 capacity=phone:1,chat:2",
          "agent a2 skills=s1:50,s3:60 queues=q1,q3 capacity=chat:3,email:2,message:1",
          "agent a3 skills=s2:80 queues=q1,q2,q3 capacity=phone:1,chat:1,email:1",
          "agent a4 skills=s1:30,s2:30,s3:30 queues=q2,q3,q4 capacity=phone:1,chat:2,message:2 units=3",
          "agent a5 queues=q1 capacity=phone:1",
          "flow r1 all=label:vip;waiting>=1@q1 then=queue:q4;priority:2;go_on",
          "flow r2 any=language:zh;tier>=100 then=require:s1:30;prefer:s2"};
}

std::vector<std::string> company() {
  std::vector<std::string> lines{"queue q1 auto_accept=yes", "queue q2 auto_accept=yes", "queue q3 auto_accept=yes"};
  for (const char* who : {"a6", "a7", "a8"}) {
    lines.push_back("agent " + std::string(who) +
                    " skills=s1:90,s2:90,s3:90 queues=q1,q2,q3,q4 capacity=phone:1,chat:2,email:2");
  }
  for (std::uint64_t n = 1; n <= 8; ++n) lines.push_back("SignIn " + numbered('a', n));
  return lines;
}

std::string line_in_company(const Op& op, const Naive& naive, TimeMs since_start) {
  Dice dice(op);
  switch (dice.roll(8)) {
    case 0: {
      static constexpr std::string_view kChannels[] = {"chat", "phone", "phone", "email", "message"};
      return "Start " + numbered('i', naive.started() + 1) + " " + std::string(dice.of(kChannels)) + some_queue(dice);
    }
    case 1: {
      const Work* w = pick(naive, op.a, op.b, [](const Work& i) { return i.stage == Stage::kConnecting; });
      return "Connect " + holder(op, w, false) + " " + name_of(w);
    }
    case 2:
    case 3: {
      const Work* w = pick(naive, op.a, op.b, [](const Work& i) { return i.stage == Stage::kActive && !i.warm; });
      return "Transfer " + holder(op, w, false) + " " + name_of(w) + (dice.one_in(6) ? " blind" : " warm") +
             (dice.one_in(3) ? " to=" + numbered('a', 1 + dice.roll(8)) : some_queue(dice));
    }
    case 4:
    case 5:
    case 6:
      return conference_line(op, dice, naive);
    default:
      return line_of(op, naive, since_start);
  }
}

std::string line_of(const Op& op, const Naive& naive, TimeMs since_start) {
  const auto offered = [](const Work& w) { return !w.asks.empty(); };
  const auto asked = [](const Work& w, std::uint8_t which) { return w.asks[which % w.asks.size()].agent; };
  const auto held = [](const Work& w) { return static_cast<bool>(w.agent); };
  const auto warm = [](const Work& w) { return w.warm; };
  const auto connecting = [](const Work& w) { return w.stage == Stage::kConnecting && !w.calling; };
  const auto called = [](const Work& w) { return w.calling; };
  const auto any = [](const Work&) { return true; };
  const std::uint8_t k = op.kind % 100;
  if (k >= 15 && k < 18) return callback_line(op, naive, since_start);
  if (k == 18) return "Reach " + name_of(pick(naive, op.a, op.b, called));
  if (k == 19) {
    static constexpr std::string_view kReasons[] = {"busy", "no_answer", "failed"};
    return "Miss " + name_of(pick(naive, op.a, op.b, called)) + " " + std::string(kReasons[op.c % 3]);
  }
  if (k < 15) return start(op, naive, since_start);
  if (k < 28) return sign_in_line(op, naive);
  if (k < 42) {
    const Work* w = pick(naive, op.a, op.b, offered);
    return "Accept " + (w && offered(*w) && op.c % 16 != 0 ? name_of(asked(*w, op.c)) : anybody(op.c)) + " " +
           name_of(w);
  }
  if (k == 46) return pull_line(op, naive);
  if (k < 46) {
    const Work* w = pick(naive, op.a, op.b, offered);
    return "Decline " + (w && offered(*w) && op.c % 16 != 0 ? name_of(asked(*w, op.c)) : anybody(op.c)) + " " +
           name_of(w);
  }
  if (k == 51) return queue_line(op);
  if (k < 51) return "Presence " + numbered('a', 1 + op.a % 5) + (op.b % 3 == 0 ? " away" : " available");
  if (k == 59) return op.b % 2 == 0 ? center_line(op) : pull_line(op, naive);
  if (k < 59) {
    const Work* w = pick(naive, op.a, op.b, any);
    static constexpr std::string_view kBy[] = {"customer", "customer", "system"};
    return "End " + name_of(w) + " by=" + (op.c % 2 == 0 ? holder(op, w, false) : std::string(kBy[op.c % 3])) +
           (op.c % 5 == 0 ? " reason=completed" : "");
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
  if (k == 78 || k == 84 || k == 85) {
    Dice dice(op);
    return conference_line(op, dice, naive);
  }
  if (k < 82) {
    const Work* w =
        pick(naive, op.a, op.b, [](const Work& i) { return i.consultant || i.outside == OutsideState::kConnected; });
    return "CompleteTransfer " + holder(op, w, false) + " " + name_of(w);
  }
  if (k < 84) {
    const Work* w = pick(naive, op.a, op.b, warm);
    return "CancelTransfer " + holder(op, w, op.c % 2 == 0) + " " + name_of(w);
  }
  if (k < 87) return wrap_up_line(op, naive);
  if (k < 88) return agent_line(op);
  if (k == 89) return flow_line(op);
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
      Dice dice(op);
      return "Enqueue " + name_of(talking) + some_queue(dice) + needs(dice) + preferred(dice) + language(dice) +
             labels(dice);
    }
    case 97:
      return "restart";
    default:
      return "SignOut " + numbered('a', 1 + op.a % 5);
  }
}

}  // namespace sb::model
