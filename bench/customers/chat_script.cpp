#include "bench/customers/chat_script.h"

#include <algorithm>

namespace sb::customers {
namespace {

struct Name {
  const char* shown;
  const char* mailbox;
};

const std::vector<Name> kEnglishNames = {{"Olivia Grant", "olivia.grant"}, {"Tom Becker", "tom.becker"},
                                         {"Priya Nair", "priya.nair"},     {"Marta Silva", "marta.silva"},
                                         {"James Hill", "james.hill"},     {"Grace Lowe", "grace.lowe"},
                                         {"Noah Weiss", "noah.weiss"},     {"Ella Moreau", "ella.moreau"}};
const std::vector<Name> kChineseNames = {{"王芳", "wang.fang"},    {"李雷", "li.lei"},   {"张伟", "zhang.wei"},
                                         {"刘洋", "liu.yang"},     {"赵敏", "zhao.min"}, {"周杰", "zhou.jie"},
                                         {"吴桂英", "wu.guiying"}, {"黄磊", "huang.lei"}};

const std::vector<std::string> kGreetings[2] = {
    {"Hello, thank you for waiting. Let me have a look.", "Hi there! Happy to help, one moment please."},
    {"您好，让您久等了，我马上为您查看。", "您好！很高兴为您服务，请稍等。"}};
const std::vector<std::string> kAnswers[2] = {
    {"I can see it here. It left our warehouse yesterday.", "Of course. Could you tell me a little more?",
     "Yes, we have that in stock at the moment.", "I have made a note of it on your order.",
     "That will take two to three working days."},
    {"我这边查到了，昨天已经从仓库发出。", "好的，能再说得详细一点吗？", "这款目前有现货。",
     "已经在您的订单里备注好了。", "一般需要两到三个工作日。"}};

std::size_t index_of(const std::string& language) {
  return language.rfind("zh", 0) == 0 ? 1 : 0;
}

}  // namespace

const std::vector<ChatScript>& chat_scripts() {
  static const std::vector<ChatScript> scripts = {
      {"en",
       "support",
       {"Hi, where is my order LJ-10482? It was due on Monday.", "Yes, that is the address.",
        "Can it still arrive before the weekend?", "Great, thank you very much!"}},
      {"en",
       "support",
       {"One of the two gongfu cups arrived broken.", "The one with the celadon glaze.",
        "I can send a photo if you need one.", "A replacement would be perfect.", "Thanks, bye!"}},
      {"en",
       "sales",
       {"Hello, which Longjing would you recommend for a beginner?", "I like it mild, nothing smoky.",
        "How many grams for a small pot?", "And at what temperature?", "Lovely, I will take 100 g.",
        "Done, thank you."}},
      {"en",
       "sales",
       {"Do you ship the cast iron kettle to Ireland?", "About how long would that take?", "Is duty included?",
        "All right, I will think about it. Thanks!"}},
      {"en",
       "billing",
       {"I was charged twice for order LJ-10311.", "Both on the 3rd, the same amount.", "The card ends in 4411.",
        "How long does the refund take?", "Okay, thank you."}},
      {"en",
       "support",
       {"I'd like to return a tea tray, it is too big for my table.", "It is unused and still boxed.",
        "Do I pay for the return?", "Thank you for the label!"}},
      {"zh",
       "support",
       {"你好，我的订单LJ-10527怎么还没发货？", "对，就是这个地址。", "能不能改成顺丰？", "好的，谢谢！"}},
      {"zh",
       "support",
       {"收到的盖碗碎了一个，怎么处理？", "外包装是好的，里面碎了。", "可以补发吗？", "大概多久能到？",
        "好的，麻烦您了。"}},
      {"zh",
       "sales",
       {"请问明前龙井还有吗？", "想送长辈，预算五百左右。", "有礼盒装吗？", "可以写贺卡吗？", "那就要这个。",
        "已经下单了，谢谢。"}},
      {"zh", "sales", {"紫砂壶第一次用要怎么开壶？", "是朱泥的。", "平时可以泡绿茶吗？", "明白了，谢谢！"}},
      {"zh",
       "billing",
       {"我想开一张公司发票。", "抬头是杭州云山贸易有限公司。", "电子的就可以。", "发到注册的邮箱，谢谢。"}},
      {"zh",
       "support",
       {"茶叶买多了，没拆封的可以退吗？", "上周三收到的。", "运费谁出？", "知道了，我今天寄出。", "谢谢！"}},
  };
  return scripts;
}

const ChatScript& pick_script(Random& random, const std::string& language) {
  std::vector<const ChatScript*> fitting;
  for (const auto& script : chat_scripts()) {
    if (script.language == language) fitting.push_back(&script);
  }
  return fitting.empty() ? chat_scripts().front() : *random.pick(fitting);
}

Person pick_person(Random& random, const std::string& language) {
  const bool chinese = index_of(language) == 1;
  const Name& name = random.pick(chinese ? kChineseNames : kEnglishNames);
  const std::uint64_t number = random.below(12);  // few enough that people come back
  Person person;
  person.name = name.shown;
  person.email = std::string(name.mailbox) + std::to_string(number) + "@example.com";
  std::string digits = std::to_string(std::hash<std::string>{}(person.email) % 10'000'000);
  digits.insert(0, 7 - std::min<std::size_t>(7, digits.size()), '0');
  person.phone = chinese ? "+861380" + digits : "+1415" + digits;
  return person;
}

std::string agent_line(Random& random, const std::string& language, std::size_t turn) {
  return random.pick(turn == 0 ? kGreetings[index_of(language)] : kAnswers[index_of(language)]);
}

}  // namespace sb::customers
