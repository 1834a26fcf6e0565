#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
// pyvene 101, cells 13, 32 and 53: what learns. A direction, the model's own weights (interchange intervention training), an adaptor (LoRA).
// Run: dotnet run examples/pyvene-101/04-train.cs
using Pyvene.Typed;
using Pyvene.Typed.Interventions;
using Pyvene.Typed.Interventions.Trainable;
using Pyvene.Typed.Training;
using static TorchSharp.torch;

using var scope = NewDisposeScope();
random.manual_seed(1);
using var model = Gpt2.Load("models/primer");
const string Spain = "The capital of Spain is", Italy = "The capital of Italy is";
var place = Gpt2.Layer(3).BlockOutput.At(^1);

// Cell 13: one backward pass to the direction that would make the answer Rome.
using var direction = new LowRankRotatedSpace(width: 128, rank: 1);
var das = Gpt2.Experiment.Apply(place, direction);
using var run = model.Run(das, Spain, Italy, new RunOptions { Gradients = true });
var rome = tensor((long)model.Tokenizer!.Encode(" Rome")[0]);
nn.functional.cross_entropy(run.Logits[0, -1], rome).backward();
foreach (var (name, parameter) in direction.named_parameters())
{
    Console.WriteLine($"{name}: {parameter.numel()} numbers, with a gradient: {parameter.grad!.norm().item<float>() > 0}");
}

// A training does that as often as it is told.
using var plan = model.Bind(das);
var example = CounterfactualSet.Of(new Counterfactual(Spain, Italy, " Rome"));
var training = plan.Train(example, new TrainingOptions { Epochs = 40, Optimiser = Optimiser.Adam(0.05), Evaluation = example, Seed = 1 });
Console.WriteLine($"accuracy {training.Evaluation!.Accuracy:F1} after {training.Steps.Count} steps");

// Cell 32: the weights of the model learn, so that its first layer holds the country at the last position; what it says by itself stays (interchange
// intervention training).
(string Country, string Capital)[] facts = [("Spain", " Madrid"), ("Italy", " Rome"), ("Peru", " Lima"), ("Japan", " Tokyo"), ("Kenya", " Nairobi")];
var examples = CounterfactualSet.Of(
    from a in facts from b in facts where a != b
    select new Counterfactual($"The capital of {a.Country} is", $"The capital of {b.Country} is", b.Capital) { BaseLabel = a.Capital });
using var iit = model.Bind(Gpt2.Experiment.Interchange(Gpt2.Layer(0).BlockOutput.At(^1)));
Console.WriteLine($"{model.Module.parameters().Sum(weight => weight.numel()):N0} numbers learn: accuracy {iit.Evaluate(examples).Accuracy:F1} before");
iit.Train(examples, new TrainingOptions { Epochs = 12, BatchSize = 10, Optimiser = Optimiser.Adam(2e-3), TrainsModel = true, TaskWeight = 1, Seed = 1 });
using var after = iit.Run(Spain, Italy);
Console.WriteLine($"accuracy {iit.Evaluate(examples).Accuracy:F1} after; the likeliest before and under the swap: "
    + $"{after.TopTokens(1).Examples[0].Before![0].Text} and {after.TopTokens(1).Examples[0].After[0].Text}");

// Cell 53: an adaptor is given what the module returned, and what it was given.
var (down, up) = (randn(128, 4), randn(4, 128));
var lora = Gpt2.Experiment.Apply(Gpt2.Layer(2).QueryOutput, Adaptor.Of((output, input) =>
{
    Console.WriteLine($"output [{string.Join(", ", output.shape)}], input [{string.Join(", ", input.shape)}]");
    return output + input.matmul(down).matmul(up);
}));
using var adapted = model.Run(lora, Spain);
