namespace Pyvene.Typed.Generators.Tests.Analysis;

public sealed class ChooseWhatFitsTests
{
    [Theory]
    [InlineData("Llama.Layer(3).HeadKeyOutput.[|Head|](1)", "CS1929",
        "its heads are key/value heads, of which there are fewer than query heads; write KeyValueHead(…)")]
    [InlineData("Llama.Layer(3).HeadQueryOutput.[|KeyValueHead|](1)", "CS1929", "its heads are query heads; write Head(…)")]
    [InlineData("Backpack.SenseNetworkOutput.[|Head|](1)", "CS1929", "what it has are senses; write Sense(…)")]
    [InlineData("Backpack.SenseNetworkOutput.Sense(1).[|Sense|](2)", "CS1061", "senses are chosen already; several are written at once, as in Senses(1, 2)")]
    [InlineData("Gpt2.Layer(3).MlpOutput.[|Sense|](2)", "CS1061",
        "this place has no senses to choose; take a component with an axis of senses, and choose them once")]
    [InlineData("Gpt2.Layer(3).HeadQueryOutput.Head(1).[|Head|](2)", "CS1061", "heads are chosen already; several are written at once, as in Heads(1, 2)")]
    [InlineData("Gpt2.Layer(3).MlpOutput.[|Head|](1)", "CS1061",
        "this place has no heads to choose; take a component with a head axis, such as HeadValueOutput, and choose them once")]
    [InlineData("Gpt2.Layer(3).AttentionWeight.[|At|](^1)", "CS1061", "its positions are queries; write Query(…)")]
    [InlineData("Gru.Layer(0).CellOutput.[|At|](^1)", "CS1061", "it has time steps; write AtStep(…)")]
    [InlineData("Gpt2.Layer(3).MlpOutput.At(1).[|At|](2)", "CS1061", "positions are chosen already; several are written at once, as in At(1, 2)")]
    [InlineData("ResNet.PoolerOutput.[|At|](2)", "CS1061", "it has no positions; Features(…) chooses of its last axis")]
    [InlineData("Gpt2.Layer(3).MlpOutput.[|Query|](2)", "CS1061", "it has positions; write At(…)")]
    [InlineData("Gpt2.Layer(3).MlpOutput.[|ReadAt|](2)", "CS0311", "say first where the base is written, as in At(4).ReadAt(3)")]
    [InlineData("Gpt2.Layer(3).HeadQueryOutput.[|ReadHeads|](2)", "CS0311", "say first which heads are written in the base, as in Head(1).ReadHeads(2)")]
    [InlineData("Gru.Layer(0).CellOutput.[|During|](Steps.Each)", "CS0311", "its model generates no text; leave this out")]
    [InlineData("Gpt2.Layer(3).BlockOutput.[|Neuron|](2)", "CS1061", "its features are no neurons of an MLP; write Features(0..4), or take MlpActivation")]
    [InlineData("Gru.Layer(0).CellOutput.[|Neuron|](2)", "CS1061", "its features are no neurons of an MLP; write Features(0..4)")]
    [InlineData("Gpt2.Layer(3).MlpOutput.From(Source.Second).[|At|](1)", "CS1061", "the source is said last; write this before From(…)")]
    public async Task ChoiceThatIsNotThereIsExplained(string place, string error, string remedy) =>
        Assert.EndsWith($"does not fit here: {remedy}", await Rule.Finds("PVT221", $"Console.WriteLine({place});", error), StringComparison.Ordinal);

    [Theory]
    [InlineData("model.[|Run|](one, \"a\")", "CS1503",
        "the experiment reads 1 source, but the call gives 0 sources; give one prompt a source behind the base, and Source.Skip for one that is left out on "
            + "purpose")]
    [InlineData("model.[|Run|](two, \"a\", \"b\")", "CS1503 CS1503",
        "the experiment reads 2 sources, but the call gives 1 source; give one prompt a source behind the base, and Source.Skip for one that is left out on "
            + "purpose")]
    [InlineData("model.[|Run|](none, \"a\", \"b\")", "CS1503",
        "the experiment reads 0 sources, but the call gives 1 source; give one prompt a source behind the base, and Source.Skip for one that is left out on "
            + "purpose")]
    [InlineData("model.[|Run|](many, \"a\", \"b\")", "CS1503 CS1503",
        "the experiment reads as many sources as it was begun with; give them as one list behind the base, as in [\"…\", \"…\"]")]
    [InlineData("model.[|Generate|](two, \"a\", \"b\")", "CS1503 CS1503",
        "the experiment reads 2 sources, but the call gives 1 source; give one prompt a source behind the base, and Source.Skip for one that is left out on "
            + "purpose")]
    [InlineData("model.[|Run|](other, \"a\")", "CS1503", "the experiment is on Llama, and this is a Gpt2; load a model of the experiment's architecture")]
    public async Task SourcesThatAreTooManyOrTooFewAreExplained(string call, string error, string remedy) => Assert.EndsWith(
        $"does not fit here: {remedy}",
        await Rule.Finds(
            "PVT221",
            "static object Run(LanguageModel<Gpt2> model, Experiment<Gpt2, NoSource> none, Experiment<Gpt2, OneSource> one, Experiment<Gpt2, TwoSources> two, "
                + $"Experiment<Gpt2, ManySources> many, Experiment<Llama, NoSource> other) => {call};",
            error.Split(' ')),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("Gpt2.Experiment.Zero([|\"mlp_output\"|])", "CS1503", "a place is a component, such as Gpt2.Layer(4).MlpOutput, and not its name")]
    [InlineData("Gpt2.Experiment.Zero([|Gpt2.Layer(4)|])", "CS1503", "this is a whole layer; take a component of it, such as BlockOutput")]
    [InlineData("Gru.Experiment.Zero([|Gru.Layer(0)|])", "CS1503", "this is a whole layer; take a component of it, such as CellInput")]
    [InlineData("Gpt2.Experiment.Add(Gpt2.Layer(4).MlpOutput, [|3.0|])", "CS1503", "a constant is a vector as wide as the place, a float[] or a Tensor")]
    [InlineData("Gpt2.Experiment.Collect(Gpt2.Layer(9).MlpOutput, out var late).Interchange(Gpt2.Layer(4).MlpOutput, [|late|])", "CS1503",
        "what one step collects is known behind the run, and not to other steps; run twice, and give the values to the second as a constant")]
    [InlineData("Gpt2.Layer(4).MlpOutput.Features([|3|], 9)", "CS1501", "several features are one value; write Features(Features.Of(3, 9))")]
    [InlineData("Gpt2.Experiment.[|Collect|](Gpt2.Layer(4).MlpOutput)", "CS7036",
        "what it collects is read with a handle; write Collect(Gpt2.Layer(4).MlpOutput, out var handle)")]
    [InlineData("Gpt2.Layer([|^1|])", "CS1503", "layers count from the start; the last of a known checkpoint is Gpt2.Small.AllLayers[^1]")]
    [InlineData("Gpt2.Small.Layer([|Gpt2.Medium.Layer(3)|])", "CS1503", "this is a layer already; take a component of it, or give its number, Index")]
    [InlineData("Gpt2.Layer(3).HeadQueryOutput.Head([|^1|])", "CS1503", "heads count from the start, as in Head(0)")]
    [InlineData("Gpt2.Layer(3).MlpOutput.At([|new QueryHead(3)|])", "CS1503",
        "this is a head, and positions are chosen here; heads are chosen with Head(…), of a component that has them")]
    [InlineData("Gpt2.[|MlpOutput|]", "CS0117", "it lies in a layer; write Gpt2.Layer(3).MlpOutput")]
    [InlineData("Gpt2.Small.[|BlockOutput|]", "CS0117", "it lies in a layer; write Gpt2.Small.Layer(3).BlockOutput")]
    [InlineData("[|Gpt2.Layers[3]|].MlpOutput", "CS0021", "a layer is chosen in parentheses; write Gpt2.Layer(3)")]
    [InlineData("[|Gpt2.Layer[3]|].MlpOutput", "CS0021", "a layer is chosen in parentheses; write Gpt2.Layer(3)")]
    [InlineData("Gpt2.Layer(4).MlpOutput.At(Positions.[|Last|])", "CS0117", "the last position is ^1, as in At(^1)")]
    [InlineData("Gpt2.Layer(4).MlpOutput.At([|\"Spain\"|], \"Italy\")", "CS1503 CS1503", "a text stands for one place; write a step for each")]
    [InlineData("Gpt2.Layer(4).MlpOutput.From([|\"The capital of Italy is\"|])", "CS0453",
        "a source is named by its number, as in From(Source.Second); its prompt is given to the run")]
    [InlineData("Experiment.On<[|GRU|]>()", "CS0311",
        "a class of another library offers no components; hold it in a field of a class of your own, with [InterventionModel], and begin with that")]
    [InlineData("Experiment.On<[|Pyvene.Typed.Models.PretrainedModel|]>()", "CS0311",
        "a model of a known architecture is begun with that, such as Mlp.Experiment")]
    [InlineData("Experiment.On<[|string|]>()", "CS0311", "it offers no components; write [InterventionModel] before its class, and make that partial")]
    [InlineData("Gpt2.Layer(4).MlpOutput.Features([|3|])", "CS1503", "features are a range or a value; write Features(Features.Of(3)), or Neuron(3) of an MLP")]
    public async Task ArgumentOfAnotherKindIsExplained(string value, string error, string remedy) =>
        Assert.EndsWith($"does not fit here: {remedy}", await Rule.Finds("PVT221", $"Console.WriteLine({value});", error.Split(' ')), StringComparison.Ordinal);

    [Theory]
    [InlineData("[|nn.Linear(4, 4)|]", "the experiment is on MyNet, and this is a Linear of TorchSharp; bind it to the module that holds it")]
    [InlineData("[|loaded|]", "a loaded language model binds experiments on its own architecture; write model.Bind(experiment)")]
    [InlineData("[|new OtherNet()|]", "the experiment is on MyNet, and this is another class; begin it with Experiment.On<OtherNet>()")]
    public async Task ExperimentIsBoundToItsOwnClass(string model, string remedy) => Assert.EndsWith(
        $"does not fit here: {remedy}",
        await Rule.Finds(
            "PVT221",
            $"using var loaded = Gpt2.Load(\"folder\"); using var plan = Experiment.On<MyNet>().Bind({model}); "
                + "[InterventionModel] partial class MyNet : nn.Module<Tensor, Tensor> { readonly Linear fc = nn.Linear(4, 4); "
                + "public MyNet() : base(\"net\") => RegisterComponents(); public override Tensor forward(Tensor x) => fc.call(x); } "
                + "[InterventionModel] partial class OtherNet : nn.Module<Tensor, Tensor> { readonly Linear fc = nn.Linear(4, 4); "
                + "public OtherNet() : base(\"other\") => RegisterComponents(); public override Tensor forward(Tensor x) => fc.call(x); }",
            "CS1503"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("List<Linear> layers = [nn.Linear(4, 4)]", "Layers", "its field is a List<Linear>", "make it a ModuleList<Linear>")]
    [InlineData("Linear[] _layers = [nn.Linear(4, 4)]", "Layers", "its field is a Linear[]", "make it a ModuleList<Linear>")]
    [InlineData("Dictionary<string, Linear> byName = new() { [\"a\"] = nn.Linear(4, 4) }", "ByName", "its field is a Dictionary<string, Linear>",
        "make it a ModuleDict<Linear>")]
    public async Task PlaceOfAFieldThatTorchSharpDoesNotRegisterIsExplained(string field, string member, string fact, string remedy)
    {
        var message = await Rule.Finds(
            "PVT221",
            $"Console.WriteLine(MyNet.Components.[|{member}|]); [InterventionModel] partial class MyNet : nn.Module<Tensor, Tensor> {{ readonly {field}; "
                + "public MyNet() : base(\"net\") => RegisterComponents(); public override Tensor forward(Tensor x) => x; }",
            "CS0117",
            "PVT213");
        Assert.Contains(fact, message, StringComparison.Ordinal);
        Assert.EndsWith(remedy, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.Run(Gpt2.Experiment, [|ids|])", "CS1503", "a prompt is a text, several as Prompt.Of(…), or token ids as Prompt.OfTokens(…)")]
    [InlineData("((LanguageModel)model).Run([|Gpt2.Experiment|], \"a\")", "CS1503",
        "this model's architecture is not known here; run experiment.ToConfig(), or load the model with its type, as in Gpt2.Load(…)")]
    [InlineData("model.Run(Gpt2.Experiment, [|new[] { 1, 2 }|])", "CS1503", "token ids are a prompt as Prompt.OfTokens(…)")]
    [InlineData("model.Bind(Gpt2.Experiment.Interchange(Gpt2.Layer(4).MlpOutput)).[|Run|](\"a\")", "CS1929",
        "the experiment reads 1 source, but the call gives 0 sources; give one input a source behind the base, and leave one out on purpose with Source.Skip, "
            + "or null for a module")]
    [InlineData("model.Run([|Gpt2.Small.AllLayers.Select(layer => Gpt2.Experiment.Zero(layer.MlpOutput))|], \"a\")", "CS1503",
        "these are several experiments; run one by one in a loop, or all of them in a Sweep")]
    [InlineData("model.Run(Gpt2.Experiment, \"a\")[[|\"mlp\"|]]", "CS0619 PVT204",
        "what a step collected is read with its handle; write Collect(place, out var handle), and then run[handle]")]
    [InlineData("model.[|Sweep|](Gpt2.AllLayers, layer => Gpt2.Experiment.Interchange(layer.MlpOutput), \"a\", \"b\")", "CS0029 CS1662",
        "nothing says what is read off each run; give a metric last, such as Metric.Probability(\" Rome\")")]
    [InlineData("model.[|Sweep|](Gpt2.AllLayers, layer => Gpt2.Experiment.Interchange(layer.MlpOutput), \"a\", metric)", "CS0029 CS1662",
        "its experiments read a source; give one prompt behind the base")]
    [InlineData("model.[|Sweep|](Gpt2.AllLayers, layer => Gpt2.Experiment.Zero(layer.MlpOutput), \"a\", \"b\", metric)", "CS0029 CS1662",
        "its experiments read no source; leave the second prompt out")]
    [InlineData(
        "model.[|Sweep|](Gpt2.AllLayers, layer => Gpt2.Experiment.Interchange(layer.MlpOutput).Add(layer.MlpOutput.From(Source.Second)), \"a\", \"b\", metric)",
        "CS0029 CS1662",
        "its experiments read several sources; give them as one list behind the base, as in [\"…\", \"…\"]")]
    [InlineData("model.[|Sweep|](Gpt2.AllLayers, layer => Gpt2.Experiment.Zero(layer.MlpOutput), \"a\", \"b\", [metric, Metric.DivergenceFromClean])",
        "CS0029 CS1662", "its experiments read no source; leave the second prompt out")]
    public async Task CallThatDoesNotFitIsExplained(string call, string error, string remedy) => Assert.EndsWith(
        $"does not fit here: {remedy}",
        await Rule.Finds("PVT221", $"static object Call(LanguageModel<Gpt2> model, Tensor ids, Metric metric) => {call};", error.Split(' ')),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("AllLayers, Gpt2.AllHeads", "(head, layer) => Gpt2.Experiment.Zero([|layer|].BlockOutput.At(^1))",
        "it is a QueryHead here, since a cell takes its axes in the order in which they are given; write (layer, head) => …")]
    [InlineData("AllHeads, Gpt2.AllLayers", "(layer, head) => Gpt2.Experiment.Interchange([|layer|].HeadAttentionValueOutput.Head(head).At(^1))",
        "it is a QueryHead here, since a cell takes its axes in the order in which they are given; write (head, layer) => …")]
    [InlineData("AllLayers, Gpt2.AllHeads", "(head, layer) => Gpt2.Experiment.Zero([|layer|].HeadAttentionValueOutput.Head(3))",
        "it is a QueryHead here, since a cell takes its axes in the order in which they are given; write (layer, head) => …")]
    public async Task CellWhoseAxesAreSwappedIsExplainedByThatAlone(string axes, string cell, string remedy) => Assert.EndsWith(
        $"does not fit here: {remedy}",
        await Rule.Finds("PVT221", $"static object Call(LanguageModel<Gpt2> model, Metric metric) => model.Sweep(Gpt2.{axes}, {cell}, \"a\", \"b\", metric);",
            "CS1061"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData(
        "Gpt2.Experiment.[|Noise|](Gpt2.Layer(0).MlpOutput)",
        "noise is drawn once and kept; write Apply(place, new Noise(vector, level)), of Pyvene.Typed.Interventions")]
    [InlineData(
        "Gpt2.Experiment.[|Mean|](Gpt2.Layer(0).MlpOutput)",
        "a mean is a constant; collect the values over some prompts, and write Interchange(place, mean)")]
    [InlineData("Gpt2.Experiment.[|Scale|](Gpt2.Layer(0).MlpOutput, 2)", "write Apply(place, values => values * 2)")]
    [InlineData(
        "Gpt2.Experiment.[|Freeze|](Gpt2.Layer(0).MlpOutput)",
        "values that stay are a constant; collect them in a run of their own, and write Interchange(place, values)")]
    [InlineData("Gpt2.Experiment.[|Run|](model, \"a\")", "the model runs it; write model.Run(experiment, \"…\")")]
    [InlineData(
        "Gpt2.Experiment.Zero([|Gpt2.Layer(0).MlpOutput|], Gpt2.Layer(1).MlpOutput)",
        "a step has one place; write a step for each, as in Zero(…).Zero(…)")]
    [InlineData(
        "Gpt2.Experiment.Zero([|Gpt2.AllLayers|])",
        "this is an axis; write a step for each of its layers, as in Gpt2.Small.AllLayers.Aggregate(experiment, (all, layer) => all.Zero(layer.MlpOutput))")]
    [InlineData("run.[|Collected|]", "what a step collected is read with its handle; write Collect(place, out var handle), and then run[handle]")]
    [InlineData(
        "run[[|Gpt2.Layer(0).MlpOutput|]]",
        "what a step collected is read with its handle; write Collect(place, out var handle), and then run[handle]")]
    [InlineData("run.[|Kl|]", "write Measure(Metric.DivergenceFromClean)")]
    [InlineData("run.Measure([|\" Rome\"|])", "it takes a metric; write Measure(Metric.Probability(\" Rome\"))")]
    [InlineData("handle.[|Shape|]", "a handle has no values; those of a run have, as in run[handle].shape")]
    [InlineData("model.[|VocabularySize|]", "write model.Tokenizer!.VocabularySize")]
    [InlineData("model.[|Tokenize|](\"a\")", "the tokenizer does this; write model.Tokenizer!.Encode(text), and Decode(ids) for the way back")]
    [InlineData("model.[|AllLayers|]", "layers are those of its architecture; write Gpt2.AllLayers.On(model)")]
    [InlineData(
        "model.Generate(Gpt2.Experiment, \"a\", maxNewTokens: [|8|])",
        "beside an experiment it is one of the options; write generation: new GenerationOptions { MaxNewTokens = 8 }")]
    [InlineData("model.Run(Gpt2.Experiment, [|[\"a\", \"b\"]|])", "several prompts in one batch are Prompt.Of([\"a\", \"b\"])")]
    [InlineData(
        "model.Run([|Gpt2.Layer(0).MlpOutput|], \"a\")",
        "a place is no experiment; write Gpt2.Experiment.Collect(place, out var handle), and then run[handle]")]
    [InlineData(
        "Gpt2.Layer(0).MlpOutput.[|Shape|]",
        "a place is a name and has no values; those of a run have, as in Collect(place, out var handle) and then run[handle].shape")]
    [InlineData("Gpt2.Layer(0).[|Head|](3)", "heads are chosen of a component that has them, as in HeadAttentionValueOutput.Head(3)")]
    [InlineData("Gpt2.[|LayerCount|]", "how many there are shows on a model, model.LayerCount, or a checkpoint, Gpt2.Small.AllLayers.Count")]
    [InlineData("Metric.[|LogProbability|](\" Rome\")", "a metric of your own is a function of the next token's logits; write Metric.Of(\"…\", logits => …)")]
    [InlineData("Positions.OfText([|[\"Spain\"]|])", "texts, one an example, are OfTexts([\"Spain\"])")]
    [InlineData("new [|Prompt|](\"a\")", "a text is a prompt already; several are Prompt.Of(\"…\", \"…\")")]
    [InlineData("new [|Gpt2|]()", "write Gpt2.Load(\"…\") for a model with its weights; Create(…) makes one with random weights")]
    [InlineData(
        "model.[|Sweep|](Gpt2.AllLayers, Gpt2.AllHeads, Positions.All, (l, h, p) => Gpt2.Experiment, \"a\", Metric.Rank(\"b\"))",
        "a table has two axes, rows and columns; join axes to one, as in Gpt2.AllLayers.By(Gpt2.AllHeads), whose values the cell gets as a pair")]
    public async Task GuessIsAnsweredWithWhatDoesIt(string guess, string remedy)
    {
        var program = AnalyzedProgram.Of(
            $"static object? Guess(LanguageModel<Gpt2> model, ExperimentRun<Gpt2> run, Collected<Gpt2> handle) => {guess};");
        var ours = Assert.Single((await program.Diagnose()).Where(found => found.Id.StartsWith("PVT", StringComparison.Ordinal)));
        Assert.Equal(("PVT221", program.Expected), (ours.Id, ours.Location.SourceSpan));
        Assert.EndsWith($"does not fit here: {remedy}", ours.GetMessage(null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("string text = [|model.Generate(\"a\")|];", "it has a text for each prompt; write model.Generate(\"a\").Texts[0]")]
    [InlineData("Prompt ids = [|new[] { 1, 2 }|];", "token ids are a prompt as Prompt.OfTokens(new[] { 1, 2 })")]
    public async Task ValueOfAnotherTypeIsAnsweredWithWhatMakesIt(string statement, string remedy) => Assert.EndsWith(
        $"does not fit here: {remedy}",
        await Rule.Finds("PVT221", $"using var model = Gpt2.Load(\"folder\"); {statement}", "CS0029"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("Interchange(place)")]
    [InlineData("Add(place)")]
    [InlineData("Subtract(place)")]
    [InlineData("Apply(place, (value, source) => value + source)")]
    [InlineData("Apply(place, new Pyvene.Typed.Interventions.Interchange())")]
    public async Task StepThatReadsASourceWhichMayNotBeThereIsRefusedByThat(string step)
    {
        string Helper(string bound) =>
            $"static object Also<TSources>(Experiment<Gpt2, TSources> experiment, Site<Gpt2> place) where TSources : {bound} => experiment.{step};";

        var refusal = Assert.Single(await AnalyzedProgram.Of(Helper("ISourceCount")).Diagnose());
        Assert.Equal("CS0619", refusal.Id);
        Assert.Contains(
            "over any number of sources, and so may have none. Ask for one where its type parameter is declared, as in where TSources : IIncludes<FirstSource>",
            refusal.GetMessage(), StringComparison.Ordinal);
        Assert.Empty(await AnalyzedProgram.Of(Helper("IIncludes<FirstSource>")).Diagnose());
        foreach (var count in new[] { "NoSource", "OneSource", "TwoSources", "ManySources" })
        {
            var known = $"static object Also(Experiment<Gpt2, {count}> experiment, Site<Gpt2> place) => experiment.{step};";
            Assert.Empty(await AnalyzedProgram.Of(known).Diagnose());
        }
    }

    [Theory]
    [InlineData("Experiment.On<Net>().Zero([|Net.Components.Fc|])", "CS1503", "this is a module; take what goes into it, Input, or what comes out, Output")]
    [InlineData("Gpt2.Experiment.Bind([|new Net()|])", "CS1503", "the experiment is on Gpt2, and this is another class; begin it with Experiment.On<Net>()")]
    public async Task ModuleOfOnesOwnThatDoesNotFitIsExplained(string value, string error, string remedy)
    {
        const string net =
            "[InterventionModel] sealed partial class Net : nn.Module<Tensor, Tensor> { private readonly Linear fc = nn.Linear(4, 4); "
                + "public Net() : base(\"net\") => RegisterComponents(); public override Tensor forward(Tensor x) => fc.call(x); }";
        Assert.EndsWith($"does not fit here: {remedy}", await Rule.Finds("PVT221", $"Console.WriteLine({value}); {net}", error), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SourceThatAVariableHasNoRoomForIsExplained() => Assert.EndsWith(
        "it is declared with OneSource, and the step makes that TwoSources; use a new variable, or begin with WithSources(…)",
        await Rule.Finds(
            "PVT221",
            "var swap = Gpt2.Experiment.Interchange(Gpt2.Layer(4).MlpOutput); [|swap|] = swap.Interchange(Gpt2.Layer(5).MlpOutput.From(Source.Second)); "
                + "Console.WriteLine(swap);",
            "CS0029"),
        StringComparison.Ordinal);

    [Fact]
    public async Task LoopOverLayersWithoutAModelIsExplained() => Assert.EndsWith(
        "write On(model) behind it, or take those of a checkpoint, such as Gpt2.Small.AllLayers",
        await Rule.Finds("PVT221", "foreach (var layer in [|Gpt2.AllLayers|]) Console.WriteLine(layer);", "CS1579"),
        StringComparison.Ordinal);

    [Theory]
    [InlineData("Console.WriteLine(Gpt2.Layer(3).MlpOutput.At(new int[][] { [1] }));")]
    [InlineData("static object Run(LanguageModel<Gpt2> model, DateTime when) => model.Run(Gpt2.Experiment, when);")]
    public async Task ArgumentOfAnotherTypeIsLeftToTheCompiler(string program) =>
        Assert.Equal(["CS1503"], (await AnalyzedProgram.Of(program).Diagnose()).Select(diagnostic => diagnostic.Id));
}
