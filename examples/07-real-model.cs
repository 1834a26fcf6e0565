#:project ../src/Pyvene.Typed/Pyvene.Typed.csproj
// The same questions to a model that people use: a GGUF file, a folder of Hugging Face's layout, or the name of a model on the hub.
// Run: dotnet run examples/07-real-model.cs -- --model SmolLM2-135M-Instruct.Q4_1.gguf (or OWNER/NAME; without --model, the primer that ships)
using System.Diagnostics;
using Pyvene.Typed;
using Pyvene.Typed.Configuration;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Tokenization;

if (args is not ([] or ["--model", _]))
{
    Console.Error.WriteLine("Usage: dotnet run examples/07-real-model.cs -- [--model FILE.gguf | FOLDER | OWNER/NAME]");
    return 1;
}

var clock = Stopwatch.StartNew();
using var model = LanguageModel.Load(args is [_, var given] ? given : "models/primer");
Console.Error.WriteLine($"loaded in {clock.Elapsed.TotalSeconds:F1} s");
foreach (var field in model.Unread) Console.Error.WriteLine($"Not read: {field}");
var key = model.Architecture?.Key ?? throw new InvalidOperationException($"No components of a {model.Module.GetName()} are described.");
Console.WriteLine($"{model.Module.GetName()}: {model.LayerCount} layers of {model.HeadCount} heads, {model.HiddenSize} wide\n");

// It answers: through the chat template that comes with it, or, where there is none, by going on with the text.
const string Spain = "The capital of Spain is", Italy = "The capital of Italy is";
var tokenizer = model.Tokenizer!;
var question = tokenizer.HasChatTemplate
    ? Prompt.OfTokens(tokenizer.EncodeChat([new ChatMessage("user", "What is the capital of France?")], addGenerationPrompt: true))
    : Italy;
Console.WriteLine($"{(tokenizer.HasChatTemplate ? "chat" : "text")}: {model.Generate(question, maxNewTokens: 24)}\n");

// One activation from another prompt: five sixths of the way up, at the last token.
using var run = model.Run(Swap(model.LayerCount * 5 / 6, ^1), Spain, [Italy]);
Console.WriteLine($"{run.TopTokens(3)}\n{run.Receipts[0]}\n");

// Where does the answer sit? One run a layer and position; what the cells have in common is computed once.
using var there = model.Run(Italy);
var answer = there.TopTokens(1).Examples[0].After[0].Text;
var positions = tokenizer.Encode(Spain).Count;
var layers = Enumerable.Range(0, model.LayerCount).Where(layer => layer % (1 + model.LayerCount / 12) == 0).ToList();
var grid = new SweepGrid(
    [
        new SweepAxis("layer", [.. layers.Select(layer => $"layer {layer}")]),
        new SweepAxis("position", [.. Enumerable.Range(0, positions).Select(at => $"token {at}")]),
    ],
    [.. layers.SelectMany(layer => Enumerable.Range(0, positions).Select(at => Swap(layer, at)))],
    Spain,
    [Italy],
    Metric.Probability(answer));
clock.Restart();
Console.WriteLine(model.Sweep(grid));
Console.Error.WriteLine($"{grid.Cells.Length} runs in {clock.Elapsed.TotalSeconds:F1} s");
return 0;

InterventionConfig Swap(int layer, Index position) => new()
{
    Architecture = key,
    Sources = 1,
    Interventions =
    [
        new InterventionSpec
        {
            Intervention = new Interchange(),
            Site = new SiteSpec { Component = "block_output", Layer = layer, At = Positions.Of(position), ReadAt = Positions.Of(position) },
        },
    ],
};
