using System.Globalization;
using System.Text.RegularExpressions;
using Pyvene.Typed.Conformance.Expressions;
using static TorchSharp.torch;
using Evaluation = System.Func<Pyvene.Typed.Conformance.Expressions.ExpressionArguments, TorchSharp.torch.Tensor>;

namespace Pyvene.Typed.Conformance.Groups.Models.Modules;

/// <summary>
/// Is the forward of an own class as <c>module.json</c> says it: lines <c>name = expression</c>, <c>for i in range(n): name = expression</c> and
/// <c>return expression, …</c>, with <c>inputs: name, …</c> where the order of several inputs matters.
/// </summary>
internal sealed partial class ForwardWords
{
    private readonly List<(string Name, Evaluation Value, int Times)> _assignments = [];
    private IReadOnlyList<Evaluation> _results = [];

    private ForwardWords()
    {
    }

    /// <summary>The inputs in the order of the call.</summary>
    public IReadOnlyList<string> Inputs { get; private set; } = [];

    /// <summary>How many tensors are returned.</summary>
    public int Outputs => _results.Count;

    /// <summary>Reads the lines.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="tensors">The names of the parameters and buffers.</param>
    /// <param name="modules">What can be called, by path.</param>
    /// <exception cref="UnsupportedCaseException">A line is not understood.</exception>
    public static ForwardWords Parse(IEnumerable<string> lines, IReadOnlyCollection<string> tensors, IReadOnlyDictionary<string, Func<Tensor, Tensor>> modules)
    {
        var words = new ForwardWords();
        var (known, free) = (new HashSet<string>(tensors), new List<string>());
        string[]? inputs = null;
        foreach (var line in lines.Where(line => !line.StartsWith('('))) // In brackets: a remark.
        {
            if (InputsLine().Match(line) is { Success: true } listed) inputs = listed.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries);
            else if (ReturnLine().Match(line) is { Success: true } last) words._results = Read(last.Groups[1].Value);
            else if (AssignmentLine().Match(line) is { Success: true } step)
            {
                var times = step.Groups["times"] is { Success: true } count ? int.Parse(count.Value, CultureInfo.InvariantCulture) : 1;
                if (Read(step.Groups["value"].Value) is not [var value]) throw NotUnderstood(line);
                words._assignments.Add((step.Groups["name"].Value, value, times));
                known.Add(step.Groups["name"].Value);
            }
            else throw NotUnderstood(line);
        }

        if (words.Outputs == 0) throw new UnsupportedCaseException("a forward without 'return' is not supported yet");
        words.Inputs = inputs ?? [.. free];
        if (free.Except(words.Inputs).FirstOrDefault() is { } missing) throw new UnsupportedCaseException($"the forward names '{missing}', which is no input");
        return words;

        IReadOnlyList<Evaluation> Read(string text)
        {
            try
            {
                var parser = new ExpressionParser(text, new ExpressionNames(_ => true, "", path => modules.GetValueOrDefault(path)));
                var values = parser.ParseRow();
                free.AddRange(parser.Names.Where(name => !known.Contains(name) && !free.Contains(name)));
                return values;
            }
            catch (FormatException problem)
            {
                throw new UnsupportedCaseException($"the forward is not understood: {problem.Message}");
            }
        }
    }

    /// <summary>Computes the results.</summary>
    /// <param name="values">The inputs, parameters and buffers by name; it is written to.</param>
    public IEnumerable<Tensor> Run(Dictionary<string, Tensor?> values)
    {
        var arguments = new ExpressionArguments(values);
        foreach (var (name, value, times) in _assignments)
        {
            for (var time = 0; time < times; time++) values[name] = value(arguments);
        }

        return _results.Select(result => result(arguments)).ToArray();
    }

    private static UnsupportedCaseException NotUnderstood(string line) => new($"the forward is not understood: '{line}'");

    [GeneratedRegex(@"^inputs:\s*(\w+(?:\s*,\s*\w+)*)\s*(\(.*\))?$")]
    private static partial Regex InputsLine();

    [GeneratedRegex(@"^return (.+)$")]
    private static partial Regex ReturnLine();

    [GeneratedRegex(@"^(for \w+ in range\((?<times>\d+)\): )?(?<name>\w+) = (?<value>.+)$")]
    private static partial Regex AssignmentLine();
}
