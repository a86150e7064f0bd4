// The compiled twin of assembly.py.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace didban {

inline void sort_pairs(uint64_t *keys, uint32_t *values, size_t n) {
    std::vector<std::pair<uint64_t, uint32_t>> pairs(n);
    for (size_t i = 0; i < n; ++i) pairs[i] = {keys[i], values[i]};
    std::sort(pairs.begin(), pairs.end());
    for (size_t i = 0; i < n; ++i) keys[i] = pairs[i].first, values[i] = pairs[i].second;
}

struct Names {
    const uint32_t *start, *token;
    const uint16_t *classes;
    size_t names, tokens;
};

constexpr uint32_t kPostingClasses = 4;
constexpr uint16_t kMoreClasses = 65535;

// Whether the names are made of these tokens of this vocabulary.
inline bool fits(const Names &n, size_t token_count) {
    if (n.start[0] != 0 || n.start[n.names] != token_count) return false;
    for (size_t name = 0; name < n.names; ++name)
        if (n.start[name] > n.start[name + 1]) return false;
    return std::all_of(n.token, n.token + token_count, [&](uint32_t t) { return t < n.tokens; });
}

// Whether part i of a name is the first of its like in it.
inline bool is_first(const uint32_t *own, uint32_t i) {
    return std::find(own, own + i, own[i]) == own + i;
}

// Fills `posting_start` and `single_start` (tokens + 1 numbers each) with where each part's rows
// begin; their last numbers say how many rows there are.
inline void count_postings(const Names &n, uint32_t *posting_start, uint32_t *single_start) {
    std::fill(posting_start, posting_start + n.tokens + 1, 0);
    std::fill(single_start, single_start + n.tokens + 1, 0);
    for (size_t name = 0; name < n.names; ++name) {
        const uint32_t *own = n.token + n.start[name], size = n.start[name + 1] - n.start[name];
        if (size == 1) ++single_start[own[0] + 1];
        else
            for (uint32_t i = 0; i < size; ++i) posting_start[own[i] + 1] += is_first(own, i);
    }
    for (size_t t = 0; t < n.tokens; ++t) {
        posting_start[t + 1] += posting_start[t];
        single_start[t + 1] += single_start[t];
    }
}

inline void write_postings(const Names &n, const uint32_t *posting_start, const uint32_t *single_start,
                           uint32_t *posting, uint32_t *single) {
    std::vector<uint32_t> next(posting_start, posting_start + n.tokens);
    std::vector<uint32_t> next_single(single_start, single_start + n.tokens);
    for (size_t name = 0; name < n.names; ++name) {
        const uint32_t *own = n.token + n.start[name], size = n.start[name + 1] - n.start[name];
        if (size == 1) {
            single[next_single[own[0]]++] = uint32_t(name);
            continue;
        }
        for (uint32_t i = 0; i < size; ++i) {
            if (!is_first(own, i)) continue;
            uint16_t others[kPostingClasses] = {};
            uint32_t count = 0;
            for (uint32_t j = 0; j < size && count < kPostingClasses; ++j)
                if (j != i) others[count++] = n.classes[own[j]];
            if (size - 1 > kPostingClasses) others[kPostingClasses - 1] = kMoreClasses;
            uint32_t *row = posting + size_t(next[own[i]]++) * 3;
            row[0] = uint32_t(name);
            row[1] = others[0] | uint32_t(others[1]) << 16;
            row[2] = others[2] | uint32_t(others[3]) << 16;
        }
    }
}

}  // namespace didban
