using Pyvene.Typed.Errors;

namespace Pyvene.Typed.Causal;

/// <summary>Finds when each variable is computed.</summary>
internal static class TimeSteps
{
    /// <summary>Returns the length of the longest path from an input to each variable; all outputs are at the last step.</summary>
    /// <exception cref="CausalModelException">Variables depend on each other in a circle.</exception>
    public static Dictionary<string, int> LongestPaths(Dictionary<string, CausalVariable> variables)
    {
        var steps = new Dictionary<string, int>(StringComparer.Ordinal);
        var left = variables.Values.ToList();
        while (left.Count > 0)
        {
            var ready = left.Where(variable => variable.Parents.All(steps.ContainsKey)).ToList();
            if (ready.Count == 0) throw Circle(left[0], variables, steps);
            foreach (var variable in ready) steps[variable.Name] = variable.Parents.Select(parent => steps[parent] + 1).DefaultIfEmpty(0).Max();
            left.RemoveAll(variable => steps.ContainsKey(variable.Name));
        }

        var last = steps.Values.Max();
        var parents = variables.Values.SelectMany(variable => variable.Parents).ToHashSet(StringComparer.Ordinal);
        foreach (var name in variables.Keys)
        {
            if (!parents.Contains(name)) steps[name] = last;
        }

        return steps;
    }

    /// <summary>Returns given steps that name every variable and increase along every edge.</summary>
    /// <exception cref="CausalModelException">They do not.</exception>
    public static Dictionary<string, int> Checked(IReadOnlyDictionary<string, int> given, Dictionary<string, CausalVariable> variables)
    {
        foreach (var name in given.Keys)
        {
            if (!variables.ContainsKey(name))
            {
                throw new CausalModelException(
                    name, $"The time steps name '{name}', which is no variable.{NearestName.Suggestion(name, variables.Keys)}");
            }
        }

        foreach (var variable in variables.Values)
        {
            if (!given.TryGetValue(variable.Name, out var step))
            {
                throw new CausalModelException(variable.Name, $"The variable '{variable.Name}' has no time step; give one to each, or to none.");
            }

            foreach (var parent in variable.Parents)
            {
                if (given.TryGetValue(parent, out var before) && before >= step)
                {
                    throw new CausalModelException(
                        variable.Name, $"The variable '{variable.Name}' is at time step {step} and its parent '{parent}' at {before}; a parent comes before.");
                }
            }
        }

        return new Dictionary<string, int>(given, StringComparer.Ordinal);
    }

    // Whatever is left has a parent that is left, so going up from parent to parent meets a variable a second time.
    private static CausalModelException Circle(CausalVariable start, Dictionary<string, CausalVariable> variables, Dictionary<string, int> steps)
    {
        var path = new List<string>();
        for (var name = start.Name; ; name = variables[name].Parents.First(parent => !steps.ContainsKey(parent)))
        {
            var seen = path.IndexOf(name);
            path.Add(name);
            if (seen >= 0)
            {
                return new CausalModelException(
                    name, $"The variables depend on each other in a circle: {string.Join(" → ", path.Skip(seen).Reverse())}; remove one of these edges.");
            }
        }
    }
}
