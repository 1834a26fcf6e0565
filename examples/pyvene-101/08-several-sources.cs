#:project ../../src/Pyvene.Typed/Pyvene.Typed.csproj
// pyvene 101, cells 28-31, 33 and 34: several sources. Side by side, in series, for parts of the features, shared by steps, and left out.
// Run: dotnet run examples/pyvene-101/08-several-sources.cs
using Pyvene.Typed;

using var model = Gpt2.Load("models/primer");
const string Base = "The capital of Spain is", Language = "The language of Spain is", Italy = "The capital of Italy is";
var early = Gpt2.Layer(1).BlockOutput;

// Cell 28: side by side: the relation of one prompt, the country of another.
var parallel = Gpt2.Experiment.Interchange(early.At(1)).Interchange(early.At(3).From(Source.Second));
Show("parallel", parallel);

// Cell 29: in series: the first source acts on the second, and what that becomes acts on the base.
var serial = Gpt2.Experiment
    .Interchange(early.At(1))
    .Interchange(Gpt2.Layer(4).BlockOutput.At(4).From(Source.Second))
    .InSeries();
Show("serial", serial);

// Cells 30, 31: each source gives a part of the features.
var parts = Partition.Even(128, Half.First, Half.Second);
var place = Gpt2.Layer(4).BlockOutput.At(^1);
var divided = Gpt2.Experiment.Interchange(place.Features(parts[Half.First])).Interchange(place.Features(parts[Half.Second]).From(Source.Second));
Show("parts, parallel", divided);
Show("parts, serial", divided.InSeries());

// Cell 33: steps that read the same source share one run of it; a group is the source that is read.
var grouped = Gpt2.Experiment
    .Interchange(early.At(1))
    .Interchange(Gpt2.Layer(2).MlpOutput.At(^1))
    .Interchange(early.At(3).From(Source.Second));
Show("grouped", grouped);

// Cell 34: a source that is left out leaves its steps out.
using var skipped = model.Run(parallel, Base, Source.Skip, Italy);
using var alone = model.Run(Gpt2.Experiment.Interchange(early.At(3)), Base, Italy);
Console.WriteLine($"{skipped.Receipts[0]}\nskipped is as without the step: {skipped.Logits.allclose(alone.Logits)}");

void Show(string name, Experiment<Gpt2, TwoSources> experiment)
{
    using var run = model.Run(experiment, Base, first: Language, second: Italy);
    Console.WriteLine($"{name}: {string.Join(", ", run.TopTokens(2).Examples[0].After.Select(token => $"{token.Shown} {token.Probability:F2}"))}");
}

internal enum Half
{
    First,
    Second,
}
