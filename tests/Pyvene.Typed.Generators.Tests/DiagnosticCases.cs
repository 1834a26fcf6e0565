namespace Pyvene.Typed.Generators.Tests;

/// <summary>One wrong descriptor for every rule and every way to break it, made from a good one.</summary>
internal static class DiagnosticCases
{
    public const string Good =
        """
        {
          "architecture": "toy",
          "type": "Toy",
          "summary": "A toy.",
          "classes": { "ToyModel": "", "ToyHead": "body." },
          "sizes": { "layers": ["n_layer"], "heads": ["n_head"], "dModel": ["n_embd"], "dHead": ["dModel/heads"] },
          "layers": [ { "type": "Block", "count": "layers" } ],
          "components": [
            { "name": "mlp_output", "path": "h[layer].mlp", "side": "output", "axes": ["batch", "position", "dModel"], "summary": "One." },
            {
              "name": "head_query_output", "path": "h[layer].qkv", "side": "output",
              "view": [ { "chunk": [3, 0] }, { "heads": "heads" } ],
              "axes": ["batch", "head", "position", "dHead"], "summary": "Two."
            },
            { "name": "pattern", "path": "h[layer].drop", "side": "input", "axes": ["batch", "head", "query", "key"], "heads": "heads", "summary": "Three." },
            { "name": "logits", "path": "/head", "side": "output", "axes": ["batch", "position", "feature"], "classes": ["ToyHead"], "summary": "Four." }
          ],
          "checkpoints": { "Small": { "hub": "toys/small", "sizes": { "layers": 2, "dModel": 8, "heads": 2 } } }
        }
        """;

    public static IReadOnlyList<DiagnosticCase> All { get; } =
    [
        new("PVT001", "\"Toy\",", "«Toy»\",", "The descriptor is not valid JSON: a value cannot start with 'T'"),
        new("PVT001", "\"Toy\",\n  \"", "\"Toy\"\n  «\"»", "The descriptor is not valid JSON: ',' or '}' is expected"),
        new("PVT001", "\"heads\": 2 }", "\"heads\": 2 «,» }", "The descriptor is not valid JSON: ',' stands before '}'"),
        new("PVT001", "\"heads\": 2 } } }\n}", "\"heads\": 2 } } }«»", "The descriptor is not valid JSON: ',' or '}' is expected"),
        new("PVT001", "\"Toy\",", "«toy»,", "The descriptor is not valid JSON: 'toy' is not a value; texts stand in quotes"),
        new("PVT001", "\"A toy.\"", "\"A «\\x» toy.\"", "The descriptor is not valid JSON: an escape in a text cannot be read"),
        new("PVT002", "\"side\": \"input\"", "«\"sied\"»: \"input\", \"side\": \"input\"", "Key 'sied' is unknown in a component; did you mean 'side'?"),
        new(
            "PVT002",
            "{ \"chunk\": [3, 0] }",
            "{ «\"halves\"»: [3, 0] }",
            "Key 'halves' is unknown in a step of a view; known are chunk, split, grouped, heads, tokens, channelsFirst"),
        new("PVT003", "{ \"name\": \"pattern\", ", "«{» ", "Key 'name' is missing in a component; add it"),
        new("PVT003", "\"hub\": \"toys/small\", ", "", "Key 'hub' is missing in checkpoint 'Small'; add it"),
        new("PVT004", "\"Toy\",", "«7»,", "'type' of the descriptor must be a text, but is the number 7"),
        new("PVT004", "\"side\": \"input\"", "\"side\": «\"inside\"»", "'side' of a component must be 'input' or 'output', but is the text 'inside'"),
        new("PVT004", "[3, 0]", "«[3]»", "'chunk' must be [parts, index], but is a list"),
        new("PVT004", "\"layers\": 2,", "\"layers\": «0»,", "Size 'layers' of checkpoint 'Small' must be a whole number from 1, but is the number 0"),
        new(
            "PVT004",
            "\"body.\"",
            "«\"body\"»",
            "The prefix of class 'ToyHead' must be empty or a module path with a dot behind it, such as 'transformer.', but is the text 'body'"),
        new("PVT005", "\"type\": \"Toy\"", "\"type\": \"Toy\", «\"type\"»: \"Toy\"", "Key 'type' stands twice in the descriptor; remove one"),
        new("PVT006", "\"Toy\",", "«\"toy model\"»,", "'toy model' cannot be the name of a generated class; use a C# name with a capital, such as 'Gpt2'"),
        new(
            "PVT006",
            "\"pattern\"",
            "«\"Pattern\"»",
            "'Pattern' cannot be the name of a component; use snake case, with at most one stack before a dot, such as 'mlp_output' or 'encoder.mlp_output'"),
        new("PVT006", "\"Small\"", "«\"small\"»", "'small' cannot be the name of a checkpoint; use a C# name with a capital, such as 'Small'"),
        new(
            "PVT006",
            "\"dHead\": [",
            "«\"width\"»: [\"1\"], \"dHead\": [",
            "'width' cannot be the name of a size; use camel case and no word for an axis, such as 'dModel'"),
        new(
            "PVT007",
            "\"h[layer].mlp\"",
            "«\"h[layer.mlp\"»",
            "Module path 'h[layer.mlp' cannot be read; write names with dots and indices in brackets, such as 'h[layer].mlp'"),
        new(
            "PVT008",
            "\"dModel/heads\"",
            "«\"dModel heads\"»",
            "Size 'dModel heads' cannot be read; write names and whole numbers with '*', '/' and '+' between them, such as 'dModel/heads'"),
        new("PVT101", "\"pattern\"", "«\"mlp__output\"»", "'mlp__output' becomes 'MlpOutput' in 'layer', which 'mlp_output' becomes too; choose another name"),
        new(
            "PVT101",
            "\"logits\"",
            "«\"experiment\"»",
            "'experiment' becomes 'Experiment' in 'the class', which has a meaning of its own there; choose another name"),
        new("PVT101", "\"Block\"", "«\"Toy\"»", "'Toy' becomes 'Toy' in 'the class', which has a meaning of its own there; choose another name"),
        new("PVT102", "\"key\"]", "«\"kye\"»]", "Axis 'kye' is unknown in 'toy'; did you mean 'key'?"),
        new(
            "PVT102",
            "[\"batch\", \"position\", \"feature\"]",
            "[«\"position\"», \"feature\"]",
            "Axis 'position' is unknown in 'toy'; the first axis is always 'batch'"),
        new("PVT103", "\"count\": \"layers\"", "\"count\": «\"layer\"»", "Size 'layer' is unknown in 'toy'; did you mean 'layers'?"),
        new("PVT103", "\"dModel\": 8,", "\"dModel\": 8, «\"dMolde\"»: 8,", "Size 'dMolde' is unknown in 'toy'; did you mean 'dModel'?"),
        new("PVT104", "[3, 0]", "[3, «3»]", "The view of 'head_query_output' is impossible: part 3 of 3 does not exist; parts are 0 to 2"),
        new(
            "PVT104", "\"view\": [ { \"chunk\": [3, 0] }, { \"heads\": \"heads\" } ],\n      \"axes\": [\"batch\", \"head\", \"position\", \"dHead\"]",
            "\"view\": «[ { \"heads\": \"heads\" } ]»,\n      \"axes\": [\"batch\", \"position\", \"dHead\"]",
            "The view of 'head_query_output' is impossible: 'heads' gives [batch, head, position, width], but the axes are not these; "
                + "change the axes or drop the step"),
        new(
            "PVT104", "[ { \"chunk\": [3, 0] }, { \"heads\": \"heads\" } ]", "«[ { \"heads\": \"heads\" }, { \"chunk\": [3, 0] } ]»",
            "The view of 'head_query_output' is impossible: 'heads' is not the last step; move it behind the others"),
        new(
            "PVT104", "[\"batch\", \"head\", \"query\", \"key\"], \"heads\": \"heads\"", "«[\"batch\", \"head\", \"query\", \"key\"]»",
            "The view of 'pattern' is impossible: nothing tells how many heads there are; add the step 'heads', or the key 'heads' where the module has the "
                + "axis by itself"),
        new(
            "PVT104", "[\"batch\", \"position\", \"feature\"]", "[\"batch\", \"position\", \"feature\"], \"heads\": «\"heads\"»",
            "The view of 'logits' is impossible: there is no axis 'head'; drop the key 'heads', or add the axis"),
        new("PVT105", "[\"ToyHead\"]", "[«\"ToyHaed\"»]", "Class 'ToyHaed' is unknown in 'toy'; did you mean 'ToyHead'?"),
        new(
            "PVT107",
            "\"pattern\"",
            "«\"decoder.pattern\"»",
            "'decoder.pattern' is in a layer of the stack 'decoder', but 'layers' has no such row; add one, or name another stack"),
        new(
            "PVT108",
            "\"Small\": { \"hub\": \"toys/small\", \"sizes\": { \"layers\": 2, ",
            "«\"Small\"»: { \"hub\": \"toys/small\", \"sizes\": { ",
            "Checkpoint 'Small' does not tell the number of layers 'layers'; add it to its sizes"),
        new("PVT101", "\"Block\"", "«\"Layer\"»", "'Layer' becomes 'Layer' in 'the class', which has a meaning of its own there; choose another name"),
        new(
            "PVT109",
            "\"checkpoints\": {",
            "\"residual\": { «\"mlp_ouput\"»: [] },\n  \"checkpoints\": {",
            "Component 'mlp_ouput' is unknown in 'toy'; did you mean 'mlp_output'?"),
        new(
            "PVT110", "\"checkpoints\": {", "\"residual\": { \"mlp_output\": [«\"logits\"»] },\n  \"checkpoints\": {",
            "'logits' cannot be a term of 'mlp_output'; add up components of the same layers and the axes batch, position, dModel"),
        new(
            "PVT004",
            "\"side\": \"input\"",
            "\"side\": \"input\", \"when\": { \"act\": «{}» }",
            "A value of 'act' must be a text, a number, true, false or null, but is an object"),
        new(
            "PVT004", "\"path\": \"h[layer].mlp\", \"side\": \"output\"", "\"path\": \"h[layer].mlp\", \"side\": \"output\", \"argument\": «\"input\"»",
            "'argument' of a component must be left out where 'side' is 'output', but is the text 'input'"),
        new(
            "PVT006", "\"side\": \"input\"", "\"side\": \"input\", \"onlyLayers\": «\"act layers\"»",
            "'act layers' cannot be the name of a field of a configuration; use its name, with dots where configurations lie in one another, such as "
                + "'text_config.hidden_act'"),
        new(
            "PVT107",
            "\"pattern\", \"path\": \"h[layer].drop\"",
            "«\"pattern\"», \"path\": \"h[layer].inner[sublayer].drop\"",
            "'pattern' is in a layer of a layer of the model, but 'layers' has no such row; add one, or name another stack"),
        new("PVT001", "\"A toy.\"", "«\"A \\ud800 toy.\"»", "The descriptor is not valid JSON: a text has half of a surrogate pair, which is no character"),
        new("PVT004", "\"dModel\": [\"n_embd\"]", "\"dModel\": «[]»", "Size 'dModel' must be at least one expression, but is empty"),
        new(
            "PVT004",
            "\"checkpoints\": {",
            "\"residual\": { \"mlp_output\": «[]» },\n  \"checkpoints\": {",
            "The terms of 'mlp_output' must be at least one component, but is empty"),
        new("PVT006", "\"toy\",", "«\" toy\"»,", "' toy' cannot be the name of an architecture; write a short word, such as 'gpt2'"),
        new(
            "PVT009",
            "[\"batch\", \"position\", \"feature\"]",
            $"[\"batch\", {string.Concat(Enumerable.Repeat("\"position\", ", 15))}«\"feature\"»]",
            "The descriptor has 17 axes of a component; at most 16 are read, so leave some out"),
        new(
            "PVT101",
            "\"Toy\",",
            "«\"Experiment\"»,",
            "'Experiment' becomes 'Experiment' in 'the class', which has a member of that name; choose another name"),
        new("PVT101", "\"Block\"", "«\"Index\"»", "'Index' becomes 'Index' in 'layer', which has a member of that name; choose another name"),
        new(
            "PVT101",
            "\"pattern\"",
            "«\"get_hash_code\"»",
            "'get_hash_code' becomes 'GetHashCode' in 'layer', which has a meaning of its own there; choose another name"),
        new(
            "PVT108",
            "\"Small\": { \"hub\": \"toys/small\", \"sizes\": { \"layers\": 2, \"dModel\": 8, \"heads\": 2 }",
            "«\"Small\"»: { \"hub\": \"toys/small\", \"sizes\": { \"layers\": 2, \"dModel\": 8, \"heads\": 16 }",
            "Checkpoint 'Small' makes the size 'dHead' 0; sizes are from 1 to 2147483647"),
        new(
            "PVT110",
            "\"checkpoints\": {",
            "\"residual\": { \"mlp_output\": [«\"mlp_output\"»] },\n  \"checkpoints\": {",
            "'mlp_output' cannot be a term of 'mlp_output'; name what adds up to it"),
        new("PVT113", "\"toy\",", "«\"gpt2\"»,", "Architecture 'gpt2' is also one that Pyvene.Typed ships; choose another key"),
        new(
            "PVT114", "\"dModel\": [\"n_embd\"]", "«\"dModel\"»: [\"heads*dHead\"]",
            "Size 'dModel' is computed from itself ('dModel' from 'dHead' from 'dModel'); name a field of the configuration or a number in one of them"),
        new(
            "PVT115", "\"pattern\", \"path\": \"h[layer].drop\", \"side\": \"input\"", "«\"pattern\"», \"path\": \"h[layer].mlp\", \"side\": \"output\"",
            "'pattern' is the same place as 'mlp_output' in 'ToyModel'; remove one of the two"),
        new(
            "PVT117",
            "\"type\": \"Toy\"",
            "\"like\": «\"lama\"», \"type\": \"Toy\"",
            "Nothing that the descriptor could be like is called 'lama'; did you mean 'llama'?"),
        new(
            "PVT118",
            "\"type\": \"Toy\"",
            "\"like\": «\"toy\"», \"type\": \"Toy\"",
            "Architecture 'toy' is like itself ('toy' like 'toy'); write one of them out"),
        new(
            "PVT109",
            "\"type\": \"Toy\"",
            "\"without\": [«\"mlp_output\"»], \"type\": \"Toy\"",
            "Component 'mlp_output' is unknown in 'toy'; none is declared"),
        new(
            "PVT109",
            "\"type\": \"Toy\"",
            "\"pyvene\": [«\"mlp_ouput\"»], \"type\": \"Toy\"",
            "Component 'mlp_ouput' is unknown in 'toy'; did you mean 'mlp_output'?"),
    ];
}
