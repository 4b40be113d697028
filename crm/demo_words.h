#pragma once
// The vocabulary the demo clientele is made from. Internal to crm.
#include <array>
#include <cstdint>
#include <string_view>

namespace sb::crm::demo {

using Word = std::string_view;

inline constexpr std::array<Word, 40> kChineseFamily{"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴",
                                                     "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马", "罗",
                                                     "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧",
                                                     "程", "曹", "袁", "邓", "许", "傅", "沈", "曾", "彭", "欧阳"};
inline constexpr std::array<Word, 40> kChineseGiven{
    "伟",   "芳",   "娜",   "敏",   "静",   "丽",   "强",   "磊",   "洋",   "艳",   "勇",   "杰",   "娟",   "涛",
    "明",   "超",   "秀英", "建国", "子涵", "雨桐", "浩然", "欣怡", "梓轩", "思远", "佳琪", "文博", "晓东", "海燕",
    "志强", "玉兰", "春梅", "国华", "嘉怡", "宇航", "若溪", "俊杰", "一诺", "诗涵", "天佑", "美玲"};
inline constexpr std::array<Word, 40> kPinyinGiven{
    "wei",     "fang",   "na",     "min",    "jing",  "li",     "qiang",    "lei",     "yang",     "yan",
    "yong",    "jie",    "juan",   "tao",    "ming",  "chao",   "xiuying",  "jianguo", "zihan",    "yutong",
    "haoran",  "xinyi",  "zixuan", "siyuan", "jiaqi", "wenbo",  "xiaodong", "haiyan",  "zhiqiang", "yulan",
    "chunmei", "guohua", "jiayi",  "yuhang", "ruoxi", "junjie", "yinuo",    "shihan",  "tianyou",  "meiling"};
inline constexpr std::array<Word, 40> kPinyinFamily{
    "wang", "li",   "zhang", "liu", "chen", "yang", "zhao",  "huang", "zhou",  "wu",   "xu",   "sun",   "hu",   "zhu",
    "gao",  "lin",  "he",    "guo", "ma",   "luo",  "liang", "song",  "zheng", "xie",  "han",  "tang",  "feng", "yu",
    "dong", "xiao", "cheng", "cao", "yuan", "deng", "xu",    "fu",    "shen",  "zeng", "peng", "ouyang"};
inline constexpr std::array<Word, 36> kEnglishGiven{
    "Olivia", "Noah",  "Emma",  "Liam", "Ava",   "Lucas", "Mia",  "Ethan", "Grace", "Henry", "Chloe", "Oscar",
    "Ruby",   "Leo",   "Isla",  "Jack", "Freya", "Max",   "Nora", "Owen",  "Alice", "Theo",  "Hazel", "Felix",
    "Priya",  "Arjun", "Amara", "Kofi", "Elena", "Mateo", "Yuki", "Omar",  "Leila", "Ivan",  "Sofia", "Diego"};
inline constexpr std::array<Word, 36> kEnglishFamily{
    "Smith", "Jones",  "Taylor",   "Brown",  "Wilson", "Evans",  "Walker", "Wright",  "Hughes",
    "Green", "Clarke", "Baker",    "Turner", "Cooper", "Morgan", "Bailey", "Foster",  "Murphy",
    "Kelly", "Price",  "Bennett",  "Gray",   "Palmer", "Okafor", "Patel",  "Nguyen",  "Garcia",
    "Silva", "Novak",  "Kowalski", "Hansen", "Larsen", "Rossi",  "Dubois", "Fischer", "Tanaka"};
inline constexpr std::array<Word, 14> kChineseCities{"杭州", "上海", "北京", "广州", "深圳", "成都", "武汉",
                                                     "西安", "南京", "苏州", "厦门", "福州", "青岛", "昆明"};
inline constexpr std::array<Word, 14> kEnglishCities{"London",        "Manchester", "Bristol",  "Edinburgh", "Leeds",
                                                     "San Francisco", "Seattle",    "New York", "Portland",  "Boston",
                                                     "Chicago",       "Austin",     "Denver",   "San Diego"};
inline constexpr Word kChineseZone = "Asia/Shanghai";  // of all of China
// Of the city in the same place.
inline constexpr std::array<Word, 14> kEnglishZones{
    "Europe/London",       "Europe/London",       "Europe/London",    "Europe/London",       "Europe/London",
    "America/Los_Angeles", "America/Los_Angeles", "America/New_York", "America/Los_Angeles", "America/New_York",
    "America/Chicago",     "America/Chicago",     "America/Denver",   "America/Los_Angeles"};
inline constexpr std::array<Word, 8> kChineseCompanies{"清和茶馆",       "云栖民宿", "南山书院", "半日闲咖啡",
                                                       "四季酒店采购部", "望江餐饮", "同福贸易", "青禾设计"};
inline constexpr std::array<Word, 8> kEnglishCompanies{"Harbour Tea Rooms", "The Copper Kettle", "Northside Cafe",
                                                       "Willow & Stone",    "Bluebird Hotel",    "Maple Street Deli",
                                                       "Fielding Catering", "Lantern Books"};
inline constexpr std::array<Word, 5> kTags{"newsletter", "gift_buyer", "subscription", "tea_club", "careful_packing"};

struct Product {
  Word english;
  Word chinese;
  std::int64_t cents;  // yuan; shown in other currencies at a seventh
};
inline constexpr std::array<Product, 18> kProducts{{{"West Lake Longjing 100 g", "西湖龙井 100克", 28'800},
                                                    {"Tieguanyin 250 g", "铁观音 250克", 19'800},
                                                    {"Aged Pu'er cake 357 g", "陈年普洱饼 357克", 36'800},
                                                    {"White Peony 100 g", "白牡丹 100克", 15'800},
                                                    {"Lapsang Souchong 150 g", "正山小种 150克", 16'800},
                                                    {"Jasmine Pearls 100 g", "茉莉龙珠 100克", 12'800},
                                                    {"Da Hong Pao 125 g", "大红袍 125克", 25'800},
                                                    {"Genmaicha 200 g", "玄米茶 200克", 6'800},
                                                    {"Yixing teapot 200 ml", "宜兴紫砂壶 200毫升", 68'000},
                                                    {"Gaiwan, celadon", "青瓷盖碗", 18'600},
                                                    {"Tea tray, bamboo", "竹制茶盘", 23'800},
                                                    {"Glass kettle 1.5 l", "玻璃煮茶壶 1.5升", 26'900},
                                                    {"Cast iron wok 32 cm", "铸铁炒锅 32厘米", 39'900},
                                                    {"Bamboo steamer, two tiers", "双层竹蒸笼", 12'900},
                                                    {"Chef's cleaver", "厨用菜刀", 21'900},
                                                    {"Clay pot 2 l", "砂锅 2升", 14'900},
                                                    {"Chopsticks, ten pairs", "筷子 十双", 5'900},
                                                    {"Matcha whisk set", "抹茶茶筅套装", 9'900}}};

// What people get in touch about, and the queue it belongs to.
struct Matter {
  Word queue;
  Word english;
  Word chinese;
};
inline constexpr std::array<Matter, 16> kMatters{
    {{"support", "When will my order arrive?", "我的订单什么时候到？"},
     {"support", "Can I change the delivery address?", "可以修改收货地址吗？"},
     {"support", "The lid of the teapot arrived cracked.", "紫砂壶的壶盖收到时裂了。"},
     {"support", "I would like to send the wok back, it is too heavy.", "炒锅太重了，想退货。"},
     {"support", "How do I clean a clay pot before the first use?", "砂锅第一次用之前怎么开锅？"},
     {"support", "One of the two gaiwans is missing from the parcel.", "包裹里少了一个盖碗。"},
     {"support", "The tracking page has not changed for four days.", "物流四天没有更新了。"},
     {"sales", "Which pot suits green tea?", "绿茶用哪种壶好？"},
     {"sales", "Is this year's Longjing already in stock?", "今年的龙井新茶到货了吗？"},
     {"sales", "Do you have gift boxes for the Mid-Autumn Festival?", "有中秋礼盒吗？"},
     {"sales", "How long does an aged Pu'er cake keep?", "陈年普洱饼可以存放多久？"},
     {"sales", "What do you charge for fifty tins of jasmine tea?", "茉莉花茶订五十罐什么价格？"},
     {"billing", "I was charged twice for one order.", "同一个订单扣了两次款。"},
     {"billing", "I need an invoice with our tax number.", "需要开公司抬头的发票。"},
     {"billing", "When will the refund be on my card?", "退款什么时候到账？"},
     {"billing", "My voucher code is not accepted.", "优惠码用不了。"}}};

struct Phrase {
  Word english;
  Word chinese;
};
inline constexpr std::array<Phrase, 10> kNotes{
    {{"Prefers to be called after six in the evening.", "希望晚上六点以后联系。"},
     {"Teapot arrived with a chipped lid; replacement sent.", "紫砂壶壶盖破损，已补发。"},
     {"Asked about wholesale prices for Longjing.", "咨询过龙井批发价格。"},
     {"Allergic to chrysanthemum: no blends with it.", "对菊花过敏，不要推荐含菊花的拼配茶。"},
     {"Buys gifts before the Mid-Autumn Festival every year.", "每年中秋节前购买礼盒。"},
     {"Parcels to be left with the neighbour at number 12.", "快递可放在小区驿站。"},
     {"Needs an invoice with the company's tax number.", "需要开具公司抬头发票。"},
     {"Very happy with the spring harvest; wants to know about the next one.", "非常喜欢明前茶，上新时请通知。"},
     {"Returned a wok: too heavy. Recommended the 28 cm one.", "炒锅太重已退货，推荐了28厘米款。"},
     {"Speaks some Chinese and likes to practise.", "也可以用英文沟通。"}}};

}  // namespace sb::crm::demo
